package dev.faultline.serving.stage;

import dev.faultline.fault.Fault;
import dev.faultline.tensor.Tensor;
import java.util.List;

/// Outputs that kept every enforced promise, those the caller asked for in the caller's order, and what observing checks objected to.
public record Checked(List<Tensor> outputs, List<Fault> suspicions) {
  public Checked {
    outputs = List.copyOf(outputs);
    suspicions = List.copyOf(suspicions);
  }
}
