package dev.faultline.server.grpc;

import dev.faultline.protocol.GrpcFromResponse;
import dev.faultline.protocol.Labels;
import dev.faultline.protocol.RequestFromGrpc;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.serving.stage.Codec;

/// Open Inference Protocol V2, gRPC.
public final class GrpcCodec implements Codec {
  private final RequestFromGrpc requests = new RequestFromGrpc();
  private final GrpcFromResponse responses;

  public GrpcCodec(Labels labels) {
    this.responses = new GrpcFromResponse(labels);
  }

  @Override
  public InferenceRequest decode(Arrival arrival) {
    return requests.decode(arrival);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    return responses.encode(response, request);
  }
}
