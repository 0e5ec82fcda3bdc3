package dev.faultline.server.edge;

import dev.faultline.protocol.GenerateFromResponse;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.serving.stage.Codec;

/// Triton's generate extension, whose requests arrive here as V2 requests already.
record GenerateCodec(V2Codec requests, GenerateFromResponse responses) implements Codec {
  @Override
  public InferenceRequest decode(Arrival arrival) {
    return requests.decode(arrival);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return responses.encode(response, request);
  }
}
