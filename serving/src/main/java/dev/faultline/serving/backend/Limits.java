package dev.faultline.serving.backend;

/// What one model version may use. All durations in milliseconds.
///
/// `instances` is how many requests run at once, `queueCapacityMax` how many may wait, `queueTimeoutMillis` how long each may wait,
/// `inferTimeoutMillis` how long one run may take.
public record Limits(int instances, int queueCapacityMax, long queueTimeoutMillis, long inferTimeoutMillis) {

  public static Limits standard(int processors) {
    return new Limits(Math.max(1, processors), 256, 5_000, 30_000);
  }
}
