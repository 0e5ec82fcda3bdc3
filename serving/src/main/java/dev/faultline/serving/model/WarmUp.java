package dev.faultline.serving.model;

import dev.faultline.tensor.Tensor;
import java.util.List;

/// A run that a version must pass before it answers.
public sealed interface WarmUp {

  /// As messages call it: the file or key that declares it, and its name.
  String name();

  /// Tensors as the graph takes them, run `count` times; what comes out is not looked at.
  record Graph(String name, List<Tensor> inputs, int count) implements WarmUp {
    public Graph {
      inputs = List.copyOf(inputs);
    }
  }

  /// A caller's request and the answer that it must get: through contract, steps and checks. `expected` may leave outputs out.
  record Golden(String name, List<Tensor> inputs, List<Expected> expected) implements WarmUp {
    public Golden {
      inputs = List.copyOf(inputs);
      expected = List.copyOf(expected);
    }
  }

  /// An output as it must come out: numbers may differ by `absolute + relative * |expected|`.
  record Expected(Tensor tensor, double absolute, double relative) {}
}
