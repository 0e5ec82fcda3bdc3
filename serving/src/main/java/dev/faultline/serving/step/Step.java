package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// One named transformation of tensors, without state and safe for use by several requests at once.
public interface Step {

  /// Name of this use of the step, unique within its list.
  String name();

  /// What kind of step it is, such as `impute`.
  String kind();

  /// Names of the tensors it reads.
  List<String> reads();

  /// The specs after this step, given those before it: how a contract is carried through preprocessing at load.
  ///
  /// @throws IllegalArgumentException when the step cannot work on them; the message names the tensor and what was expected
  List<TensorSpec> specs(List<TensorSpec> before);

  /// The tensors after this step, given all those before it. Tensors it does not touch are passed on as they are.
  ///
  /// @throws StepException when values cannot be transformed
  List<Tensor> apply(List<Tensor> before);
}
