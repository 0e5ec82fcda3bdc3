package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// `rename`: the same tensor under another name; the old name is gone.
record Rename(Use use) implements Step {

  static Step read(Use use, Declared options) {
    if (use.input().equals(use.output())) {
      options.at("output").problem("renames nothing (expected: the new name)");
    }
    return new Rename(use);
  }

  @Override
  public String name() {
    return use.name();
  }

  @Override
  public String kind() {
    return use.kind();
  }

  @Override
  public List<String> reads() {
    return List.of(use.input());
  }

  @Override
  public List<TensorSpec> specs(List<TensorSpec> before) {
    TensorSpec after = Specs.renamed(Specs.fetch(before, use.input()), use.output());
    Specs.requireFree(before, use.output());
    return before.stream().map(spec -> spec.name().equals(use.input()) ? after : spec).toList();
  }

  @Override
  public List<Tensor> apply(List<Tensor> before) {
    Tensor after = Tensors.fetch(before, use.input()).renamed(use.output());
    return before.stream().map(tensor -> tensor.name().equals(use.input()) ? after : tensor).toList();
  }
}
