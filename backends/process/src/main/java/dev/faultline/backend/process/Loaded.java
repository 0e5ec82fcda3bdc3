package dev.faultline.backend.process;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.backend.ModelFacts;
import java.util.List;

/// What a worker says of the model it has loaded.
record Loaded(List<TensorSpec> inputs, List<TensorSpec> outputs, ModelFacts facts) {
  Loaded {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }
}
