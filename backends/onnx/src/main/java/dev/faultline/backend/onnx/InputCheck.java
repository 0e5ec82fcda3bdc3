package dev.faultline.backend.onnx;

import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Blame;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// Looks at the inputs of a run before the engine does, because the engine does not say which input has the wrong type, and notices one
/// that is missing only at the node that reads it.
///
/// Validation comes long before, so what fails here was made by the steps in front of the model: the model's fault.
final class InputCheck {

  private InputCheck() {}

  static void requireComplete(List<TensorSpec> specs, Map<String, Tensor> sent) {
    for (TensorSpec spec : specs) {
      Tensor tensor = sent.get(spec.name());
      if (tensor == null) {
        throw fault(spec, "input '" + spec.name() + "' is missing (expected: " + spec.type() + " " + spec.wireShape() + ")");
      }
      if (tensor.type() != spec.type()) {
        throw fault(spec, "input '" + spec.name() + "' has data type " + tensor.type() + " (expected: " + spec.type() + ")");
      }
    }
  }

  private static FaultException fault(TensorSpec spec, String reason) {
    return new FaultException(
        new InferFault.Failed(reason, Blame.MODEL, List.of(Field.input(spec.name(), "")), List.of(), List.of()));
  }
}
