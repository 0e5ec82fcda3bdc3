package dev.faultline.protocol;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Breach;
import dev.faultline.fault.CheckFault;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.DefectFault;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Mend;
import dev.faultline.fault.NodeRef;
import dev.faultline.fault.Occurrence;
import dev.faultline.fault.PostprocessFault;
import dev.faultline.fault.PreprocessFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.RouteFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.fault.Thrown;
import dev.faultline.fault.ValidateFault;
import dev.faultline.request.Deadline;
import dev.faultline.request.Passage;
import dev.faultline.request.Payload;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.request.StageRun;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// One fault of each family, with `text` in every place that text from outside can reach.
final class Faults {
  private Faults() {}

  static Occurrence occurrence(Fault fault) {
    return new Occurrence("flt_01JDA3X9M4Q8T2", fault, Wire.AT);
  }

  static List<Fault> all(String text) {
    Field field = new Field("inputs/" + text + "[3].age", text, List.of(3L, 0L), text, "/inputs/0/data/15");
    NodeRef node = new NodeRef(41, text, "Gather", text);
    List<Evidence> evidence = evidence(text, node);
    List<Thrown> thrown = List.of(new Thrown("java.lang.IllegalStateException", text, List.of(), List.of(), List.of()));
    return List.of(
        new DecodeFault.Json(text, Field.member(text, "/" + text), thrown),
        new DecodeFault.TooLarge(-1, 5),
        new RouteFault.ModelNotFound(text, List.of(text)),
        range(field, text),
        new PreprocessFault.StepFailed(text, text, Blame.CALLER, List.of(field), evidence, thrown),
        new QueueFault.Full(5, 5, 1),
        new InferFault.NodeFailed(node, text, Blame.CALLER, List.of(field), evidence, thrown),
        new InferFault.Failed(text, Blame.MODEL, List.of(), evidence, thrown),
        new PostprocessFault(text, text, evidence, thrown),
        new CheckFault(FaultCode.CHECK_NONFINITE, Field.output(text), "NaN", text, 2, Blame.MODEL, List.of(node), List.of(), evidence, List.of(Mend.of(text))),
        new EncodeFault(text, List.of(Field.output(text)), thrown),
        new StoppedFault.Cancelled(Stage.QUEUE),
        new DefectFault(Stage.INFER, thrown.getFirst()));
  }

  static ValidateFault range(Field field, String text) {
    return new ValidateFault(
        List.of(
            new Breach(FaultCode.VALIDATE_RANGE, field, "-4" + text, "0..120"),
            new Breach(FaultCode.VALIDATE_NULL, Field.input("b", "/inputs/1"), "null", "a number")),
        2,
        "contract.yaml");
  }

  static Passage passage(Fault fault) {
    var stages = new java.util.ArrayList<StageRun>();
    for (Stage stage : Stage.values()) {
      boolean last = stage == fault.stage();
      stages.add(new StageRun(stage, stages.size() * 1_000_000L, 310_400, last ? StageRun.Ending.FAULTED : StageRun.Ending.COMPLETED));
      if (last) {
        break;
      }
    }
    return passage(stages, new ResolvedVersion("m", "7", "sha256:ab"));
  }

  static Passage passage(List<StageRun> stages, ResolvedVersion version) {
    return new Passage(Wire.arrival(Payload.EMPTY, Wire.MODEL, Deadline.NEVER), version, List.of(), stages, List.of(), List.of(), List.of(), 5);
  }

  private static List<Evidence> evidence(String text, NodeRef node) {
    return List.of(
        new Evidence.Value(text, text, text),
        new Evidence.Engine("onnxruntime/1.29.0", "ORT_FAIL", text),
        new Evidence.Summary(text, TensorSummary.of(Tensor.floats(text, Shape.of(2), Float.NaN, Float.NaN))),
        new Evidence.Limit(text, Double.POSITIVE_INFINITY, 5, "ms"),
        new Evidence.Swallowed(node, text, 3));
  }
}
