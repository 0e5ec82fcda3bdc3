package dev.faultline.server.grpc;

import dev.faultline.request.Payload;

/// What came as one message of an inference call, before anything is decoded.
sealed interface Incoming {

  record Whole(Payload payload) implements Incoming {}

  /// More than the server takes; `gotBytes` is -1 when only a part of it was unpacked.
  record TooLarge(long gotBytes) implements Incoming {}
}
