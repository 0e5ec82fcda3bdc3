package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// `drop`: removes tensors that nobody needs any more.
record Drop(String name, List<String> reads) implements Step {

  static Step read(String name, Declared options) {
    Declared input = options.at("input");
    List<String> names = input.isList() ? input.texts() : List.of(input.requiredText());
    if (names.isEmpty()) {
      input.problem("names no tensor (expected: a name or a list of names)");
    }
    return new Drop(name, names);
  }

  @Override
  public String kind() {
    return "drop";
  }

  @Override
  public List<TensorSpec> specs(List<TensorSpec> before) {
    reads.forEach(name -> Specs.fetch(before, name));
    return before.stream().filter(spec -> !reads.contains(spec.name())).toList();
  }

  @Override
  public List<Tensor> apply(List<Tensor> before) {
    return before.stream().filter(tensor -> !reads.contains(tensor.name())).toList();
  }
}
