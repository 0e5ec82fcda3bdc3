package dev.faultline.isolation.localize;

import dev.faultline.fault.Fault;
import dev.faultline.tensor.Tensor;
import java.util.Map;

/// How one run of a copy ended.
sealed interface Attempt {

  /// With all outputs, by name.
  record Served(Map<String, Tensor> values) implements Attempt {
    public Served {
      values = Map.copyOf(values);
    }
  }

  record Failed(Fault fault) implements Attempt {}

  /// The engine did not take the copy.
  record Unloadable(String reason) implements Attempt {}

  /// Nothing was run.
  record OutOfBudget() implements Attempt {}

  /// Why there are no outputs, in words.
  default String reason() {
    return switch (this) {
      case Served _ -> "it was served";
      case Failed(Fault fault) -> fault.summary();
      case Unloadable(String reason) -> reason;
      case OutOfBudget _ -> "the budget is spent";
    };
  }
}
