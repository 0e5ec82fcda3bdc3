package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// A step that makes one tensor from one tensor.
abstract class OneTensorStep implements Step {
  private final Use use;

  OneTensorStep(Use use) {
    this.use = use;
  }

  /// The spec of what [#tensorAfter] makes; its name does not matter.
  ///
  /// @throws IllegalArgumentException when the step cannot work on such tensors
  abstract TensorSpec specAfter(TensorSpec before);

  /// A new tensor of type and shape as `specAfter` says; its name does not matter.
  abstract Tensor tensorAfter(Tensor before);

  @Override
  public final String name() {
    return use.name();
  }

  @Override
  public final String kind() {
    return use.kind();
  }

  @Override
  public final List<String> reads() {
    return List.of(use.input());
  }

  @Override
  public final List<TensorSpec> specs(List<TensorSpec> before) {
    TensorSpec after = specAfter(Specs.fetch(before, use.input()));
    return Specs.put(before, use.input(), Specs.renamed(after, use.output()));
  }

  @Override
  public final List<Tensor> apply(List<Tensor> before) {
    Tensor after = tensorAfter(Tensors.fetch(before, use.input()));
    return Tensors.put(before, after.name().equals(use.output()) ? after : after.renamed(use.output()));
  }
}
