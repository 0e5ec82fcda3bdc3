package dev.faultline.serving.backend;

import dev.faultline.fault.NodeRef;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// What a run gave back. `outputs` are the model's, all of them, in its order; `watched` are inner values that CHECK looks at and no
/// caller sees.
public record RunResult(List<Tensor> outputs, List<Watched> watched) {

  /// An inner value whose NaN or infinity the next operator would hide: `swallowedBy` turns it into a label or a truth value.
  public record Watched(Tensor tensor, NodeRef producer, NodeRef swallowedBy) {}

  public RunResult {
    outputs = List.copyOf(outputs);
    watched = List.copyOf(watched);
  }
}
