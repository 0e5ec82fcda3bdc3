package dev.faultline.serving.backend;

import java.util.List;

/// How requests to one version are joined into batches: up to `rowsMax` rows together, waiting for each other at most `delayMaxMicros`
/// microseconds, and starting as soon as one of `preferredRows` is reached.
public record Batching(int rowsMax, long delayMaxMicros, List<Integer> preferredRows) {
  /// Every request runs by itself.
  public static final Batching OFF = new Batching(1, 0, List.of());

  public Batching {
    preferredRows = List.copyOf(preferredRows);
  }

  public boolean isOn() {
    return rowsMax > 1;
  }
}
