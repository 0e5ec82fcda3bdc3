package dev.faultline.backend.process;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Thrown;
import java.util.List;

/// An [InferFault] on the way between two processes, with its evidence and what was thrown, nothing left out.
final class FaultWire {
  private static final int NODE_FAILED = 1;
  private static final int FAILED = 2;
  private static final int TIMEOUT = 3;
  private static final int OUT_OF_MEMORY = 4;
  private static final int CRASHED = 5;

  private FaultWire() {}

  static void write(WireWriter out, InferFault fault) {
    switch (fault) {
      case InferFault.NodeFailed f -> {
        node(out.tag(NODE_FAILED), f.at());
        out.text(f.reason()).choice(f.blame()).list(f.culprits(), FaultWire::field);
        out.list(f.evidence(), EvidenceWire::write).list(f.causes(), FaultWire::thrown);
      }
      case InferFault.Failed f -> {
        out.tag(FAILED).text(f.reason()).choice(f.blame()).list(f.culprits(), FaultWire::field);
        out.list(f.evidence(), EvidenceWire::write).list(f.causes(), FaultWire::thrown);
      }
      case InferFault.Timeout(double ranMillis, double limitMillis) -> out.tag(TIMEOUT).f64(ranMillis).f64(limitMillis);
      case InferFault.OutOfMemory f -> {
        out.tag(OUT_OF_MEMORY).text(f.reason()).list(f.places(), FaultWire::node);
        out.list(f.evidence(), EvidenceWire::write).list(f.causes(), FaultWire::thrown);
      }
      case InferFault.BatchBudget _ -> throw new IllegalArgumentException("a worker runs what it is given and knows no batches");
      case InferFault.Crashed f -> out.tag(CRASHED).text(f.reason()).list(f.evidence(), EvidenceWire::write);
    }
  }

  static InferFault read(WireReader in) throws WireException {
    int tag = in.tag();
    return switch (tag) {
      case NODE_FAILED ->
          new InferFault.NodeFailed(
              node(in), in.text(), in.choice(Blame.values()), in.list(FaultWire::field), in.list(EvidenceWire::read), thrown(in));
      case FAILED ->
          new InferFault.Failed(
              in.text(), in.choice(Blame.values()), in.list(FaultWire::field), in.list(EvidenceWire::read), thrown(in));
      case TIMEOUT -> new InferFault.Timeout(in.f64(), in.f64());
      case OUT_OF_MEMORY ->
          new InferFault.OutOfMemory(in.text(), in.list(FaultWire::node), in.list(EvidenceWire::read), thrown(in));
      case CRASHED -> new InferFault.Crashed(in.text(), in.list(EvidenceWire::read));
      default -> throw new WireException("fault " + tag + " (expected: 1 to 5)");
    };
  }

  static void node(WireWriter out, NodeRef node) {
    out.i32(node.index()).text(node.name()).text(node.op()).text(node.output());
  }

  static NodeRef node(WireReader in) throws WireException {
    return new NodeRef(in.i32(), in.text(), in.text(), in.text());
  }

  static void thrown(WireWriter out, Thrown thrown) {
    out.text(thrown.type()).text(thrown.message()).list(thrown.frames(), WireWriter::text);
    out.list(thrown.causes(), FaultWire::thrown).list(thrown.suppressed(), FaultWire::thrown);
  }

  static List<Thrown> thrown(WireReader in) throws WireException {
    return in.list(each -> thrown(each, 0));
  }

  /// @param depth of this one in its chain, so that a made-up chain cannot exhaust the stack
  static Thrown thrown(WireReader in, int depth) throws WireException {
    if (depth > Thrown.CHAIN_MAX) {
      throw new WireException("a chain of more than " + Thrown.CHAIN_MAX + " throwables");
    }
    return new Thrown(
        in.text(),
        in.text(),
        in.list(WireReader::text),
        in.list(each -> thrown(each, depth + 1)),
        in.list(each -> thrown(each, depth + 1)));
  }

  private static void field(WireWriter out, Field field) {
    out.text(field.path()).text(field.tensor()).list(field.index(), WireWriter::i64).text(field.column()).text(field.pointer());
  }

  private static Field field(WireReader in) throws WireException {
    return new Field(in.text(), in.text(), in.list(WireReader::i64), in.text(), in.text());
  }
}
