package dev.faultline.serving.backend;

/// What one model version may use. All durations in milliseconds.
///
/// `instances` is how many requests run at once, `queueCapacityMax` how many may wait, `queueTimeoutMillis` how long each may wait,
/// `inferTimeoutMillis` how long one run may take. `stopGraceMillis` is how long a run that was told to stop may take to come back before
/// its lane is lost and replaced, `lostLanesMax` how many lanes are replaced before requests are refused. `adaptive` bounds the requests inside further, by how
/// long they take; `batching` says whether and how requests are
/// joined.
public record Limits(
    int instances, int queueCapacityMax, long queueTimeoutMillis, long inferTimeoutMillis, long stopGraceMillis, int lostLanesMax,
    Adaptive adaptive, Batching batching) {
  public static final long STOP_GRACE_MILLIS = 100;
  public static final int LOST_LANES_MAX = 8;

  /// The usual grace and number of lost lanes.
  public Limits(int instances, int queueCapacityMax, long queueTimeoutMillis, long inferTimeoutMillis) {
    this(instances, queueCapacityMax, queueTimeoutMillis, inferTimeoutMillis, STOP_GRACE_MILLIS, LOST_LANES_MAX);
  }

  /// No batches, and fixed bounds alone.
  public Limits(int instances, int queueCapacityMax, long queueTimeoutMillis, long inferTimeoutMillis, long stopGraceMillis, int lostLanesMax) {
    this(instances, queueCapacityMax, queueTimeoutMillis, inferTimeoutMillis, stopGraceMillis, lostLanesMax, Adaptive.OFF, Batching.OFF);
  }

  public Limits with(Batching other) {
    return new Limits(instances, queueCapacityMax, queueTimeoutMillis, inferTimeoutMillis, stopGraceMillis, lostLanesMax, adaptive, other);
  }

  public Limits with(Adaptive other) {
    return new Limits(instances, queueCapacityMax, queueTimeoutMillis, inferTimeoutMillis, stopGraceMillis, lostLanesMax, other, batching);
  }

  public static Limits standard(int processors) {
    return new Limits(Math.max(1, processors), 256, 5_000, 30_000);
  }
}
