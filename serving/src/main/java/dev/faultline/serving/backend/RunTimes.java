package dev.faultline.serving.backend;

import java.util.Optional;

/// How long runs take by recent experience: an exponentially weighted mean. Guarded by the lanes' lock.
final class RunTimes {
  private static final double WEIGHT = 1.0 / 8;

  /// Runs before which the mean says nothing.
  static final int RUNS_MIN = 8;

  private double mean;
  private int runs;

  void add(long nanos) {
    mean = runs == 0 ? nanos : mean + WEIGHT * (nanos - mean);
    runs = Math.min(RUNS_MIN, runs + 1);
  }

  Optional<Double> meanNanos() {
    return runs < RUNS_MIN ? Optional.empty() : Optional.of(mean);
  }
}
