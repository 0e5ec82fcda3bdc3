package dev.faultline.serving.stage;

import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.InferenceResponse;
import dev.faultline.request.Payload;

/// DECODE and ENCODE of one wire format. Free of state.
public interface Codec {

  /// @throws dev.faultline.fault.FaultException carrying a `DecodeFault`
  InferenceRequest decode(Arrival arrival);

  /// @throws dev.faultline.fault.FaultException carrying an `EncodeFault`
  Payload encode(InferenceResponse response, InferenceRequest request);
}
