package dev.faultline.serving.backend;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// How many requests may be inside a version now, those that run and those that wait, found from how long requests take: under too much
/// load the queue is kept short, so that who is let in is served soon and who is not hears so at once.
///
/// Never below twice the instances, which keeps them busy, and never above instances and queue together. Nothing is learnt while less
/// than half of the limit is used. Guarded by the lanes' lock.
///
/// [1] Gradient2 as in Netflix's concurrency-limits: the limit follows the ratio of the long-term mean to the latest time.
/// [2] Chiu, Jain: "Analysis of the increase and decrease algorithms for congestion avoidance", 1989 (AIMD).
final class AdaptiveLimit {
  private static final double TOLERANCE = 1.5;
  private static final double GRADIENT_MIN = 0.5;
  private static final double SMOOTHING = 0.2;
  private static final double LONG_WINDOW = 600;
  private static final double DRIFT = 0.95;
  private static final double BACKOFF = 0.9;

  private final Adaptive algorithm;
  private final int floor;
  private final int most;
  private final int room;
  private final double patienceNanos;
  private double limit;
  private double longNanos;

  private AdaptiveLimit(Limits limits) {
    this.algorithm = limits.adaptive();
    this.room = limits.instances();
    this.floor = 2 * limits.instances();
    this.most = Math.max(floor, limits.instances() + limits.queueCapacityMax());
    this.patienceNanos = TimeUnit.MILLISECONDS.toNanos(limits.queueTimeoutMillis()) / 2.0;
    this.limit = Math.min(most, 4 * limits.instances());
  }

  static Optional<AdaptiveLimit> of(Limits limits) {
    return limits.adaptive() == Adaptive.OFF ? Optional.empty() : Optional.of(new AdaptiveLimit(limits));
  }

  int now() {
    return (int) limit;
  }

  String algorithm() {
    return algorithm.name().toLowerCase(java.util.Locale.ROOT);
  }

  /// A request has been served `nanos` after it asked; `inside` is how many were inside with it.
  void served(double nanos, int inside) {
    longNanos = longNanos == 0 ? nanos : longNanos + (nanos - longNanos) / LONG_WINDOW;
    if (longNanos > 2 * nanos) {
      // after trouble the mean comes down faster than its window alone would let it
      longNanos *= DRIFT;
    }
    if (inside >= limit / 2) {
      limit = Math.clamp(next(nanos), floor, most);
    }
  }

  private double next(double nanos) {
    return switch (algorithm) {
      case OFF -> limit;
      case AIMD -> nanos > patienceNanos ? limit * BACKOFF : limit + 1;
      case GRADIENT2 -> {
        double gradient = Math.clamp(TOLERANCE * longNanos / nanos, GRADIENT_MIN, 1);
        yield limit * (1 - SMOOTHING) + (limit * gradient + room) * SMOOTHING;
      }
    };
  }
}
