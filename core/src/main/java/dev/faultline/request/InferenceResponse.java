package dev.faultline.request;

import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;

/// The answer before encoding. `id` echoes the request's own id and may be empty.
public record InferenceResponse(String id, ResolvedVersion version, Map<String, Object> parameters, List<Tensor> outputs) {
  public InferenceResponse {
    parameters = Map.copyOf(parameters);
    outputs = List.copyOf(outputs);
  }
}
