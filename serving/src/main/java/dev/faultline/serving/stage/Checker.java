package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// CHECK: outputs against what the version promises, and inner values that an operator would hide. One per model version.
public interface Checker {

  /// `outputs` are all of the version's outputs after POSTPROCESS; `watched` comes from the engine.
  ///
  /// @throws dev.faultline.fault.FaultException carrying a `CheckFault` when an enforced promise is broken
  Checked check(Validated validated, List<Tensor> outputs, List<Watched> watched);

  /// Makes a version's checker.
  interface Factory {
    ///
    /// @param redact names of what is never shown, as `tensor` or `tensor.column`
    Checker checker(Contract contract, List<String> redact);
  }
}
