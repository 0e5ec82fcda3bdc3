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
  private final AtomicInteger replays;

  public Budget(int replaysMax, long millis, LongSupplier nanoClock) {
    this(replaysMax, nanoClock.getAsLong() + millis * 1_000_000, nanoClock, new AtomicInteger());
  }

  private Budget(int replaysMax, long deadlineNanos, LongSupplier nanoClock, AtomicInteger replays) {
    this.replaysMax = replaysMax;
    this.deadlineNanos = deadlineNanos;
    this.nanoClock = nanoClock;
    this.replays = replays;
  }

  /// The same budget for a search that must leave something for those behind it: `kept` replays, or a quarter of what is left when that
  /// is less.
  public Budget leaving(int kept) {
    int left = Math.max(0, replaysMax - replays.get());
    return new Budget(replaysMax - Math.min(kept, left / 4), deadlineNanos, nanoClock, replays);
  }

  /// The same budget, of which no more than `most` replays may be spent.
  public Budget atMost(int most) {
    return new Budget(Math.min(replaysMax, replays.get() + most), deadlineNanos, nanoClock, replays);
  }

  /// Takes one replay out of the budget.
  ///
  /// @return false when there is none left, or no time; nothing must be run then
  public boolean tryTake() {
    return tryTake(1);
  }

  /// Takes several at once, or none when there are not as many left.
  public boolean tryTake(int count) {
    if (isOutOfTime()) {
      return false;
    }
    int used;
    do {
      used = replays.get();
      if (used + count > replaysMax) {
        return false;
      }
    } while (!replays.compareAndSet(used, used + count));
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
