package dev.faultline.server.edge;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;
import dev.faultline.serving.stage.Codec;

/// Says in DECODE what the edge found before it: so a request that is refused for its size or its encoding ends in an outcome like any
/// other, and is counted, logged and kept.
public record RefusingCodec(Fault fault) implements Codec {
  @Override
  public InferenceRequest decode(Arrival arrival) {
    throw new FaultException(fault);
  }

  @Override
  public Payload encode(InferenceResponse response, InferenceRequest request) {
    throw new IllegalStateException("nothing was decoded");
  }
}
