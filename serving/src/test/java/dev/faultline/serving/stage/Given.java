package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.Expectation;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.Breach;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Deadline;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.request.ModelRef;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;

/// Contracts and requests in few words, for the tests of VALIDATE and CHECK.
final class Given {
  static final FieldRef X = FieldRef.of("x");

  private Given() {}

  /// Dimensions: a number is fixed, -1 free, a text symbolic.
  static TensorSpec spec(String name, DataType type, Object... dimensions) {
    return TensorSpec.of(name, type, Arrays.stream(dimensions).map(Given::dimension).toList());
  }

  static Contract contract(List<TensorSpec> inputs, Rule... rules) {
    return new Contract(inputs, List.of(spec("score", DataType.FP32, -1)), List.of(rules), List.of(), List.of("graph", "contract.yaml"));
  }

  /// A contract with one FP32 input `x[n]`.
  static Contract floats(Rule... rules) {
    return contract(List.of(spec("x", DataType.FP32, "n")), rules);
  }

  static Contract promising(List<TensorSpec> inputs, List<Rule> rules, List<TensorSpec> outputs, Expectation... promises) {
    return new Contract(inputs, outputs, rules, List.of(promises), List.of("graph", "contract.yaml"));
  }

  static InferenceRequest request(InputTensor... inputs) {
    return request(List.of(), inputs);
  }

  static InferenceRequest request(Tensor... tensors) {
    var inputs = new InputTensor[tensors.length];
    for (int i = 0; i < tensors.length; i++) {
      inputs[i] = InputTensor.of(tensors[i], Layout.FLAT, i);
    }
    return request(inputs);
  }

  static InferenceRequest request(List<String> outputs, InputTensor... inputs) {
    List<RequestedOutput> requested = outputs.stream().map(name -> new RequestedOutput(name, Map.of())).toList();
    return new InferenceRequest("", new ModelRef("m", ""), Map.of(), List.of(inputs), requested, Deadline.NEVER);
  }

  static InputTensor misfit(Tensor tensor, int flat, Misfit.Kind kind, String got) {
    return new InputTensor(tensor, Layout.FLAT, 0, List.of(new Misfit(flat, kind, got)), 1, "");
  }

  static Tensor x(float... values) {
    return Tensor.floats("x", Shape.of(values.length), values);
  }

  /// What the validator objects to, empty when it accepts.
  static List<Breach> breaches(Contract contract, InferenceRequest request) {
    return breaches(new ContractValidator(contract, _ -> false), request);
  }

  static List<Breach> breaches(Validator validator, InferenceRequest request) {
    try {
      validator.validate(request);
      return List.of();
    } catch (FaultException e) {
      return e.fault().breaches();
    }
  }

  static Fault fault(Runnable stage) {
    return Assertions.catchThrowableOfType(FaultException.class, stage::run).fault();
  }

  private static Dimension dimension(Object dimension) {
    return switch (dimension) {
      case String symbol -> new Dimension.Symbolic(symbol);
      case Integer extent when extent < 0 -> new Dimension.Free();
      case Integer extent -> new Dimension.Fixed(extent);
      default -> throw new IllegalArgumentException("dimension " + dimension);
    };
  }
}
