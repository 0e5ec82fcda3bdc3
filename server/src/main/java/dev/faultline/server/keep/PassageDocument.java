package dev.faultline.server.keep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Redaction;
import dev.faultline.contract.FieldRef;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Passage;
import dev.faultline.request.StageRun;
import dev.faultline.request.StepRun;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// `faultline/passage.v1`: what one request left behind, stage by stage and step by step, as summaries.
final class PassageDocument {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int TENSORS_MAX = 256;

  private final Redaction redaction;

  PassageDocument(Redaction redaction) {
    this.redaction = redaction;
  }

  ObjectNode of(Passage passage) {
    ObjectNode document = NODES.objectNode().put("schema", "faultline/passage.v1");
    document.put("total_ms", passage.totalNanos() / 1e6);
    if (!passage.seat().isNone()) {
      BatchSeat seat = passage.seat();
      document.putObject("batch").put("requests", seat.requests()).put("rows", seat.rows()).put("first_row", seat.firstRow()).put("own_rows", seat.ownRows());
    }
    if (!passage.assignment().isNone()) {
      document.putObject("rollout").put("id", passage.assignment().rollout()).put("arm", passage.assignment().arm().label()).put("share", passage.assignment().share());
    }
    ArrayNode stages = document.putArray("stages");
    passage.stages().forEach(run -> stages.add(stage(run)));
    List<Tensor> inputs = passage.request().map(request -> request.inputs().stream().map(InputTensor::tensor).toList()).orElse(List.of());
    document.set("inputs", tensors(inputs));
    ArrayNode steps = document.putArray("steps");
    passage.steps().forEach(run -> steps.add(step(run)));
    document.set("engine_inputs", tensors(passage.engineInputs()));
    document.set("outputs", tensors(passage.outputs()));
    return document;
  }

  private static ObjectNode stage(StageRun run) {
    return NODES.objectNode()
        .put("stage", run.stage().name())
        .put("start_ms", run.startNanos() / 1e6)
        .put("ms", run.millis())
        .put("ending", run.ending().name());
  }

  private ObjectNode step(StepRun run) {
    ObjectNode node = NODES.objectNode();
    node.put("stage", run.stage().name()).put("name", run.name()).put("kind", run.kind()).put("ms", run.durationNanos() / 1e6);
    node.set("inputs", tensors(run.inputs()));
    node.set("outputs", tensors(run.outputs()));
    return node;
  }

  private ArrayNode tensors(List<Tensor> tensors) {
    ArrayNode array = NODES.arrayNode();
    tensors.stream().limit(TENSORS_MAX).forEach(tensor -> array.add(tensor(tensor)));
    return array;
  }

  private ObjectNode tensor(Tensor tensor) {
    ObjectNode node = NODES.objectNode().put("name", tensor.name()).put("datatype", tensor.type().name());
    ArrayNode shape = node.putArray("shape");
    for (long extent : tensor.shape().toArray()) {
      shape.add(extent);
    }
    if (redaction.hides(FieldRef.of(tensor.name()))) {
      return node.put("redacted", true);
    }
    TensorSummary summary = TensorSummary.of(tensor);
    if (summary.finite() > 0) {
      node.put("min", summary.min()).put("max", summary.max()).put("mean", summary.mean());
    }
    return node.put("count", summary.count()).put("nan", summary.nan()).put("infinite", summary.infinite());
  }
}
