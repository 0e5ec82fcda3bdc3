package dev.faultline.serving.stage;

import dev.faultline.request.InferenceRequest;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// A request that the version's contract accepts. `inputs` are in the contract's order, with its data types.
public record Validated(InferenceRequest request, List<Tensor> inputs) {
  public Validated {
    inputs = List.copyOf(inputs);
  }
}
