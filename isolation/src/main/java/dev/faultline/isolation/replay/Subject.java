package dev.faultline.isolation.replay;

import dev.faultline.request.Arrival;
import dev.faultline.request.InferenceRequest;

/// What a trial sends.
public sealed interface Subject {

  /// What the request is said to have come with: headers, client.
  Arrival arrival();

  /// The bytes as they arrived, through the decoder of their protocol.
  record AsArrived(Arrival arrival) implements Subject {}

  /// A request made of decoded ones; DECODE hands it on as it is.
  record Edited(InferenceRequest request, Arrival arrival) implements Subject {}
}
