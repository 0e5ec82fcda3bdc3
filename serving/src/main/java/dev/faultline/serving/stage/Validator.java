package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.request.InferenceRequest;
import java.util.List;

/// VALIDATE: a request against the version's contract. Reports every breach, not the first; the engine never sees an input that the
/// contract refuses. One per model version, built at load, so that the request's thread looks nothing up.
public interface Validator {

  /// @throws dev.faultline.fault.FaultException carrying a `ValidateFault`
  Validated validate(InferenceRequest request);

  /// Makes a version's validator.
  interface Factory {
    ///
    /// @param redact names of what is never shown, as `tensor` or `tensor.column`
    Validator validator(Contract contract, List<String> redact);
  }
}
