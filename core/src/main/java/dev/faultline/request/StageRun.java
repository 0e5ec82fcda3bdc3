package dev.faultline.request;

import dev.faultline.fault.Stage;

/// One stage of one request: when it began, counted from the arrival, how long it took, and how it ended.
public record StageRun(Stage stage, long startNanos, long durationNanos, Ending ending) {

  public enum Ending {
    COMPLETED,
    FAULTED
  }

  public double millis() {
    return durationNanos / 1e6;
  }
}
