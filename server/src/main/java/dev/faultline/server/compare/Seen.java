package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import dev.faultline.isolation.attribute.Sighting;

/// A kept request that belongs to one side of a comparison, and the request as attribution sees it. The capture is a summary.
record Seen(Capture capture, Sighting sighting, boolean decoded) {

  String id() {
    return capture.id();
  }

  Seen as(Sighting other) {
    return new Seen(capture, other, decoded);
  }
}
