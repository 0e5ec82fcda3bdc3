package dev.faultline.backend.process;

import dev.faultline.fault.Evidence;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.TensorSummary;

/// Evidence on the way between two processes.
final class EvidenceWire {
  private static final int VALUE = 1;
  private static final int ENGINE = 2;
  private static final int SUMMARY = 3;
  private static final int LIMIT = 4;
  private static final int SWALLOWED = 5;
  private static final int DEATH = 6;
  private static final int BATCH = 7;
  private static final int COMPARED = 8;

  private EvidenceWire() {}

  static void write(WireWriter out, Evidence evidence) {
    switch (evidence) {
      case Evidence.Value(String got, String allowed, String source) -> out.tag(VALUE).text(got).text(allowed).text(source);
      case Evidence.Engine(String engine, String code, String message) -> out.tag(ENGINE).text(engine).text(code).text(message);
      case Evidence.Summary(String at, TensorSummary summary) -> summary(out.tag(SUMMARY).text(at), summary);
      case Evidence.Limit(String name, double got, double limit, String unit) ->
          out.tag(LIMIT).text(name).f64(got).f64(limit).text(unit);
      case Evidence.Swallowed swallowed -> {
        FaultWire.node(out.tag(SWALLOWED), swallowed.by());
        out.text(swallowed.value()).i64(swallowed.nonfinite());
      }
      case Evidence.Batch batch -> {
        out.tag(BATCH).i32(batch.requests()).i32(batch.rows()).i32(batch.firstRow()).i32(batch.calls()).text(batch.finding());
      }
      case Evidence.Compared compared -> out.tag(COMPARED).text(compared.version()).text(compared.rollout()).i32(compared.saysOtherwise() ? 1 : 0);
      case Evidence.Death death -> {
        out.tag(DEATH).i32(death.exitCode()).text(death.signal()).text(death.place()).text(death.thread()).text(death.log());
        out.list(death.lines(), WireWriter::text);
      }
    }
  }

  static Evidence read(WireReader in) throws WireException {
    int tag = in.tag();
    return switch (tag) {
      case VALUE -> new Evidence.Value(in.text(), in.text(), in.text());
      case ENGINE -> new Evidence.Engine(in.text(), in.text(), in.text());
      case SUMMARY -> new Evidence.Summary(in.text(), summary(in));
      case LIMIT -> new Evidence.Limit(in.text(), in.f64(), in.f64(), in.text());
      case SWALLOWED -> new Evidence.Swallowed(FaultWire.node(in), in.text(), in.i64());
      case DEATH -> new Evidence.Death(in.i32(), in.text(), in.text(), in.text(), in.text(), in.list(WireReader::text));
      case BATCH -> new Evidence.Batch(in.i32(), in.i32(), in.i32(), in.i32(), in.text());
      case COMPARED -> new Evidence.Compared(in.text(), in.text(), in.i32() == 1);
      default -> throw new WireException("evidence " + tag + " (expected: 1 to 8)");
    };
  }

  private static void summary(WireWriter out, TensorSummary summary) {
    out.text(summary.name()).choice(summary.type());
    TensorWire.shape(out, summary.shape());
    out.i64(summary.count()).i64(summary.finite()).i64(summary.nan()).i64(summary.infinite());
    out.f64(summary.min()).f64(summary.max()).f64(summary.mean()).i64(summary.firstNonfinite());
  }

  private static TensorSummary summary(WireReader in) throws WireException {
    return new TensorSummary(
        in.text(),
        in.choice(DataType.values()),
        in.shape(),
        in.i64(),
        in.i64(),
        in.i64(),
        in.i64(),
        in.f64(),
        in.f64(),
        in.f64(),
        in.i64());
  }
}
