package dev.faultline.backend.process;

import dev.faultline.tensor.Tensor;
import java.util.List;

/// One run, seen from the parent. Two runs of equal inputs are two runs.
final class Run {
  private final List<Tensor> inputs;

  Run(List<Tensor> inputs) {
    this.inputs = List.copyOf(inputs);
  }

  List<Tensor> inputs() {
    return inputs;
  }
}
