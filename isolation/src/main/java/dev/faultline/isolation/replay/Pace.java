package dev.faultline.isolation.replay;

import java.util.function.LongSupplier;

/// Holds replays to a share of one core: what a run took is paid back by waiting before the next, beyond a stock that lets short
/// investigations run at full speed.
///
/// A token bucket: it holds [#STOCK_SECONDS] times the share and fills at the share's rate. Used by one thread.
public final class Pace {
  private static final double STOCK_SECONDS = 40;

  /// Waits; a test counts instead.
  @FunctionalInterface
  public interface Sleeper {
    void sleep(long nanos) throws InterruptedException;
  }

  private final double share;
  private final LongSupplier nanoClock;
  private final Sleeper sleeper;
  private final double stockNanos;
  private double leftNanos;
  private long filledAtNanos;

  /// @param share of one core, above 0; 1 and more never waits
  public Pace(double share, LongSupplier nanoClock, Sleeper sleeper) {
    this.share = share;
    this.nanoClock = nanoClock;
    this.sleeper = sleeper;
    this.stockNanos = share * STOCK_SECONDS * 1e9;
    this.leftNanos = stockNanos;
    this.filledAtNanos = nanoClock.getAsLong();
  }

  /// Never waits: for an investigation that somebody asked for and waits for.
  public static Pace unlimited(LongSupplier nanoClock) {
    return new Pace(1, nanoClock, _ -> {});
  }

  /// Takes what was spent out of the stock.
  public void spend(long nanos) {
    fill();
    leftNanos -= nanos;
  }

  /// Waits until the stock is not overdrawn, `mostNanos` at most.
  public void await(long mostNanos) throws InterruptedException {
    fill();
    if (leftNanos < 0 && share < 1) {
      sleeper.sleep(Math.min(mostNanos, (long) (-leftNanos / share)));
      fill();
    }
  }

  private void fill() {
    long now = nanoClock.getAsLong();
    leftNanos = Math.min(stockNanos, leftNanos + (now - filledAtNanos) * share);
    filledAtNanos = now;
  }
}
