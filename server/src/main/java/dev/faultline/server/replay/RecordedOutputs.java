package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.compare.Tolerance;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.List;

/// The outputs of an answer that was given, as far as they are kept: name, type, shape, least, greatest, mean, and how many are not finite.
///
/// Enough to see that another answer would be given today; two answers that agree in all of these may still differ in the order of values.
record RecordedOutputs(JsonNode outputs, Tolerance tolerance) {

  boolean isEmpty() {
    return !outputs.isArray() || outputs.isEmpty();
  }

  /// What is different now. Values that redaction hides are not kept, and so not compared.
  List<OutputDifference> differences(List<Tensor> now) {
    var differences = new ArrayList<OutputDifference>();
    for (JsonNode output : outputs) {
      String name = output.path("name").asText();
      now.stream().filter(tensor -> tensor.name().equals(name)).findFirst().ifPresentOrElse(
          tensor -> compare(output, TensorSummary.of(tensor), differences),
          () -> differences.add(OutputDifference.of(name, "missing", "output '" + name + "' is missing")));
    }
    return differences;
  }

  private void compare(JsonNode then, TensorSummary now, List<OutputDifference> differences) {
    String form = form(then.path("datatype").asText(), extents(then.path("shape")));
    String formNow = form(now.type().name(), extents(now));
    if (!form.equals(formNow)) {
      differences.add(OutputDifference.of(now.name(), "shape", "output '" + now.name() + "' is " + formNow + " (the answer given was " + form + ")"));
    } else if (!then.path("redacted").asBoolean()) {
      values(then, now, differences);
    }
  }

  private void values(JsonNode then, TensorSummary now, List<OutputDifference> differences) {
    boolean same = then.path("nan").asLong() == now.nan() && then.path("infinite").asLong() == now.infinite()
        && near(then.path("min"), now.min(), now) && near(then.path("max"), now.max(), now) && near(then.path("mean"), now.mean(), now);
    if (!same) {
      differences.add(OutputDifference.of(now.name(), "values", "output '%s' has min %s, max %s, mean %s, %d not finite (the answer given had %s, %s, %s, %d)".formatted(
          now.name(), now.min(), now.max(), now.mean(), now.nan() + now.infinite(),
          then.path("min").asText("none"), then.path("max").asText("none"), then.path("mean").asText("none"),
          then.path("nan").asLong() + then.path("infinite").asLong())));
    }
  }

  private boolean near(JsonNode then, double now, TensorSummary summary) {
    return then.isMissingNode() ? summary.finite() == 0 : tolerance.accepts(then.asDouble(), now, summary.type().isFloating() ? DataType.FP32 : summary.type());
  }

  private static String form(String type, List<Long> extents) {
    return type + extents;
  }

  private static List<Long> extents(JsonNode shape) {
    var extents = new ArrayList<Long>();
    shape.forEach(extent -> extents.add(extent.asLong()));
    return extents;
  }

  private static List<Long> extents(TensorSummary summary) {
    var extents = new ArrayList<Long>();
    for (long extent : summary.shape().toArray()) {
      extents.add(extent);
    }
    return extents;
  }
}
