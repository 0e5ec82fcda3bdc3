package dev.faultline.server;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.step.Step;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// A step that passes tensors on and does something of the test's besides.
record TestStep(String name, Runnable work) implements Step {
  @Override
  public String kind() {
    return "test";
  }

  @Override
  public List<String> reads() {
    return List.of("x");
  }

  @Override
  public List<TensorSpec> specs(List<TensorSpec> before) {
    return before;
  }

  @Override
  public List<Tensor> apply(List<Tensor> before) {
    work.run();
    return before;
  }
}
