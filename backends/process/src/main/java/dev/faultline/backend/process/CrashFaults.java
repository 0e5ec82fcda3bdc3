package dev.faultline.backend.process;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.InferFault;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.List;

/// Makes `infer.crashed` of a death: how the worker died, who else was inside, and the input that is suspected.
final class CrashFaults {

  private CrashFaults() {}

  /// @param finding what is known of this run's part in it, as the end of a sentence
  static InferFault.Crashed of(WorkerDeath death, List<Tensor> inputs, String finding) {
    List<Evidence> evidence = new ArrayList<>();
    evidence.add(death.evidence());
    evidence.add(new Evidence.Value(InputDigest.of(inputs), "an input that does not kill the process", "suspected input"));
    inputs.forEach(input -> evidence.add(new Evidence.Summary("input", TensorSummary.of(input))));
    return new InferFault.Crashed(death.reason() + "; " + finding, evidence);
  }

  static String among(WorkerDeath death) {
    int inside = death.inside().size();
    return inside == 1 ? "this was the only request inside" : inside + " requests were inside";
  }
}
