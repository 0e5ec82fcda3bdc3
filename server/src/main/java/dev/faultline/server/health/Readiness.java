package dev.faultline.server.health;

import java.util.List;

/// Whether the server takes requests; where it does not, `reasons` says why, model by model.
public record Readiness(boolean isReady, List<String> reasons) {
  public Readiness {
    reasons = List.copyOf(reasons);
  }

  /// In one sentence; empty when it is ready.
  public String reason() {
    return String.join("; ", reasons);
  }
}
