package dev.faultline.serving.backend;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// How long a request waits in QUEUE: until it is let in, one of the clocks runs out, or its caller leaves.
public final class Waiting {
  /// How often a waiting request asks whether its caller has left.
  public static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Limits limits;
  private final LongSupplier clock;

  public Waiting(Limits limits, LongSupplier nanoClock) {
    this.limits = limits;
    this.clock = nanoClock;
  }

  /// Refuses a request that what stands before it would outlast.
  ///
  /// @throws FaultException `queue.too_late`
  public void requireTime(Ask ask, int ahead, double expectedNanos, IntSupplier retryAfterSeconds) {
    double queueLeft = queueTimeoutNanos();
    double callersLeft = ask.deadline().remainingNanos(clock.getAsLong());
    double left = Math.min(queueLeft, callersLeft);
    if (expectedNanos > left) {
      String whose = callersLeft < queueLeft ? "the caller's deadline" : "queue_timeout";
      throw new FaultException(new QueueFault.TooLate(ahead, expectedNanos / 1e6, left / 1e6, whose, retryAfterSeconds.getAsInt()));
    }
  }

  /// Waits as long as `waits` holds; whoever changes that unparks the thread.
  ///
  /// @param leaves gives up the place in line; false when it was let in, or refused, in the same moment
  /// @throws FaultException `queue.timeout`, `queue.deadline` or `queue.cancelled`
  public void await(Ask ask, BooleanSupplier waits, BooleanSupplier leaves, IntSupplier retryAfterSeconds) {
    long start = clock.getAsLong();
    while (waits.getAsBoolean()) {
      long now = clock.getAsLong();
      Optional<FaultException> end = timeIsUp(ask, now, start, retryAfterSeconds).or(() -> callerLeft(ask));
      if (end.isPresent() && leaves.getAsBoolean()) {
        throw end.get();
      }
      LockSupport.parkNanos(this, nextLook(ask, now, start));
    }
  }

  private Optional<FaultException> timeIsUp(Ask ask, long now, long start, IntSupplier retryAfterSeconds) {
    if (ask.deadline().remainingNanos(now) <= 0) {
      return Optional.of(new FaultException(new StoppedFault.DeadlinePassed(Stage.QUEUE, ask.deadline().budgetNanos() / 1e6)));
    }
    if (now - start >= queueTimeoutNanos()) {
      return Optional.of(new FaultException(new QueueFault.Timeout((now - start) / 1e6, limits.queueTimeoutMillis(), retryAfterSeconds.getAsInt())));
    }
    return Optional.empty();
  }

  /// The edge interrupts a request's thread only when its connection is gone.
  private static Optional<FaultException> callerLeft(Ask ask) {
    return Thread.currentThread().isInterrupted() || ask.cancellation().isCancelled()
        ? Optional.of(new FaultException(new StoppedFault.Cancelled(Stage.QUEUE)))
        : Optional.empty();
  }

  private long nextLook(Ask ask, long now, long start) {
    long rest = Math.min(queueTimeoutNanos() - (now - start), ask.deadline().remainingNanos(now));
    return Math.max(1, Math.min(POLL_NANOS, rest));
  }

  private long queueTimeoutNanos() {
    return TimeUnit.MILLISECONDS.toNanos(limits.queueTimeoutMillis());
  }
}
