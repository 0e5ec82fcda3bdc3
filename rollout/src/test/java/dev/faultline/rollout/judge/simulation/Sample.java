package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.OutputFact;
import java.util.List;

/// What one version does with one request: a fault of a group ("" when it serves it), how long that took, what it says, and how often its caller tries again.
record Sample(String group, double latencyMillis, List<OutputFact> outputs, int retries) {
  static Sample served(double latencyMillis) {
    return new Sample("", latencyMillis, List.of(), 0);
  }

  static Sample faulted(String group) {
    return new Sample(group, 1, List.of(), 0);
  }

  /// With retries where it is a fault.
  Sample withRetries(int times) {
    return new Sample(group, latencyMillis, outputs, group.isEmpty() ? 0 : times);
  }
}
