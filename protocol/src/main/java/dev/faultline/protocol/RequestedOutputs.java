package dev.faultline.protocol;

import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.RequestedOutput;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// The outputs that an answer carries, in the order the caller asked for.
final class RequestedOutputs {
  private RequestedOutputs() {}

  /// All of them when the caller named none. A named one that is not there is VALIDATE's matter and left out here.
  static List<Tensor> of(InferenceResponse response, InferenceRequest request) {
    if (request.outputs().isEmpty()) {
      return response.outputs();
    }
    var asked = new ArrayList<Tensor>();
    for (RequestedOutput each : request.outputs()) {
      response.outputs().stream().filter(output -> output.name().equals(each.name())).findFirst().ifPresent(asked::add);
    }
    return asked;
  }
}
