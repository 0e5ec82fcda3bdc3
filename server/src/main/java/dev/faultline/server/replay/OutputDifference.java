package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.compare.Difference;
import dev.faultline.contract.FieldRef;

/// One way in which an output is another than it was. `kind` is missing, extra, type, shape, values, labels or ranks; `absolute` and `relative` are the
/// largest of finite numbers, NaN where they do not apply.
record OutputDifference(String output, String kind, String summary, double absolute, double relative) {

  static OutputDifference of(String output, String kind, String summary) {
    return new OutputDifference(output, kind, summary, Double.NaN, Double.NaN);
  }

  static OutputDifference of(Difference from, Redaction redaction) {
    OutputDifference whole = switch (from) {
      case Difference.Missing f -> of(f.output(), "missing", f.summary());
      case Difference.Extra f -> of(f.output(), "extra", f.summary());
      case Difference.OtherType f -> of(f.output(), "type", f.summary());
      case Difference.OtherShape f -> of(f.output(), "shape", f.summary());
      case Difference.OtherNumbers f -> new OutputDifference(f.output(), "values", f.summary(), f.absolute(), f.relative());
      case Difference.OtherLabels f -> of(f.output(), "labels", f.summary());
      case Difference.OtherRanks f -> of(f.output(), "ranks", f.summary());
    };
    return redaction.hides(FieldRef.of(from.output())) ? of(whole.output(), whole.kind(), "output '" + whole.output() + "' is another; its values are redacted") : whole;
  }

  ObjectNode document() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("output", output).put("kind", kind).put("summary", summary);
    node.put("max_abs_error", Double.isFinite(absolute) ? absolute : null);
    return node.put("max_rel_error", Double.isFinite(relative) ? relative : null);
  }
}
