package dev.faultline.isolation.rule;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.Misfit;
import dev.faultline.request.ModelRef;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// Requests and contracts with one input `x` of shape `[N]`.
final class Requests {
  private Requests() {}

  static Contract contract(DataType type, Rule... rules) {
    return new Contract(List.of(TensorSpec.of("x", type, List.of(new Dimension.Free()))), List.of(), List.of(rules), List.of(), List.of("graph", "contract.yaml"));
  }

  static InferenceRequest of(Tensor tensor) {
    return of(InputTensor.of(tensor, InputTensor.Layout.FLAT, 0));
  }

  static InferenceRequest of(InputTensor input) {
    return new InferenceRequest("", new ModelRef("m", "1"), Map.of(), List.of(input), List.of(), Deadline.NEVER);
  }

  /// The first element is null.
  static InferenceRequest withNull(Tensor tensor) {
    return of(new InputTensor(tensor, InputTensor.Layout.FLAT, 0, List.of(new Misfit(0, Misfit.Kind.NULL, "null")), 1, ""));
  }
}
