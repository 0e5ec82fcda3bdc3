package dev.faultline.server.edge;

import dev.faultline.protocol.JsonFromResponse;
import dev.faultline.protocol.RequestFromJson;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.serving.stage.Codec;

/// Open Inference Protocol V2, JSON.
public final class V2Codec implements Codec {
  private final RequestFromJson requests = new RequestFromJson();
  private final JsonFromResponse responses = new JsonFromResponse();

  @Override
  public InferenceRequest decode(Arrival arrival) {
    return requests.decode(arrival);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return responses.encode(response, request);
  }
}
