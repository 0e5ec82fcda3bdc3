package dev.faultline.server;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// The phase the server is in, for all who must know it. Phases only go forward.
final class Life {
  private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);
  private final CountDownLatch started = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);

  Phase phase() {
    return phase.get();
  }

  boolean isReady() {
    return phase.get() == Phase.READY;
  }

  /// Whether it has begun to stop.
  boolean isLeaving() {
    return phase.get().compareTo(Phase.LEAVING) >= 0;
  }

  boolean isDraining() {
    return phase.get().compareTo(Phase.DRAINING) >= 0;
  }

  /// @return false when the server is at that phase or beyond it already
  boolean advance(Phase next) {
    Phase before = phase.getAndUpdate(now -> now.compareTo(next) < 0 ? next : now);
    if (next.compareTo(Phase.READY) >= 0) {
      started.countDown();
    }
    if (next == Phase.STOPPED) {
      stopped.countDown();
    }
    return before.compareTo(next) < 0;
  }

  /// Waits until the server is ready, or stops before it is.
  boolean awaitReady() throws InterruptedException {
    started.await();
    return isReady();
  }

  void awaitStopped() throws InterruptedException {
    stopped.await();
  }

  boolean awaitStopped(long millis) throws InterruptedException {
    return stopped.await(millis, TimeUnit.MILLISECONDS);
  }
}
