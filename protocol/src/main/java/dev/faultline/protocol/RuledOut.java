package dev.faultline.protocol;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Stage;
import dev.faultline.request.Passage;
import dev.faultline.request.StageRun;

/// The stages that did not cause a fault: they completed before it, and they change no values.
///
/// A stage that changes values is not cleared by completing: a NaN found by CHECK was made by the model, which completed. PREPROCESS
/// and POSTPROCESS are cleared when they ran no step.
final class RuledOut {
  private RuledOut() {}

  static ArrayNode of(Fault fault, Passage passage) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    for (StageRun run : passage.stages()) {
      boolean before = run.stage().compareTo(fault.stage()) < 0 && run.ending() == StageRun.Ending.COMPLETED;
      if (before && !changesValues(run.stage(), passage)) {
        all.addObject()
            .put("stage", run.stage().name())
            .put("why", "completed in " + Millis.text(run.durationNanos()) + " ms")
            .put("ms", FaultDocument.millis(run));
      }
    }
    return all;
  }

  private static boolean changesValues(Stage stage, Passage passage) {
    return switch (stage) {
      case INFER -> true;
      case PREPROCESS, POSTPROCESS -> passage.steps().stream().anyMatch(step -> step.stage() == stage);
      case DECODE, ROUTE, VALIDATE, QUEUE, CHECK, ENCODE -> false;
    };
  }
}
