package dev.faultline.request;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A decoded inference call.
///
/// `id` is the protocol's own id, echoed in the answer, empty when absent. `model` is what was asked for, the body's
/// `faultline_pin_version` applied. Parameter values are String, Long, Double or Boolean. `outputs` empty means all.
/// `deadline` is the earliest of transport and body.
public record InferenceRequest(
    String id,
    ModelRef model,
    Map<String, Object> parameters,
    List<InputTensor> inputs,
    List<RequestedOutput> outputs,
    Deadline deadline) {

  public InferenceRequest {
    parameters = Map.copyOf(parameters);
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// The protocol's `priority`: 1 is served first, then 2 and so on; 0, the default, leaves it to the server.
  public int priority() {
    return parameters.get("priority") instanceof Long level ? (int) Math.clamp(level, 0L, Integer.MAX_VALUE) : 0;
  }

  public Optional<InputTensor> findInput(String name) {
    for (InputTensor input : inputs) {
      if (input.name().equals(name)) {
        return Optional.of(input);
      }
    }
    return Optional.empty();
  }
}
