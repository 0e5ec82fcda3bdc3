package dev.faultline.backend.onnx;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Field;
import java.util.List;

/// What in the request made a node fail: why in our words, which places, and the values there against what the node allows.
record Accusation(String reason, List<Field> culprits, List<Evidence> evidence) {
  Accusation {
    culprits = List.copyOf(culprits);
    evidence = List.copyOf(evidence);
  }
}
