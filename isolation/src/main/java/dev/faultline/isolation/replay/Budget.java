package dev.faultline.isolation.replay;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// What an investigation may spend: replays, and time. Safe to use from several threads.
public final class Budget {
  public static final int REPLAYS_DEFAULT = 64;
  public static final long MILLIS_DEFAULT = 30_000;

  private final int replaysMax;
  private final long deadlineNanos;
  private final LongSupplier nanoClock;
  private final AtomicInteger replays = new AtomicInteger();

  public Budget(int replaysMax, long millis, LongSupplier nanoClock) {
    this.replaysMax = replaysMax;
    this.nanoClock = nanoClock;
    this.deadlineNanos = nanoClock.getAsLong() + millis * 1_000_000;
  }

  /// Takes one replay out of the budget.
  ///
  /// @return false when there is none left, or no time; nothing must be run then
  public boolean tryTake() {
    if (isOutOfTime()) {
      return false;
    }
    int used;
    do {
      used = replays.get();
      if (used >= replaysMax) {
        return false;
      }
    } while (!replays.compareAndSet(used, used + 1));
    return true;
  }

  public int replays() {
    return replays.get();
  }

  public boolean isSpent() {
    return replays.get() >= replaysMax || isOutOfTime();
  }

  public long millisLeft() {
    return Math.max(0, (deadlineNanos - nanoClock.getAsLong()) / 1_000_000);
  }

  private boolean isOutOfTime() {
    return deadlineNanos - nanoClock.getAsLong() <= 0;
  }
}
