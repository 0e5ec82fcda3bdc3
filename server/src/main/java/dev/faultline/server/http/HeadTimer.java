package dev.faultline.server.http;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Hangs up on a caller whose request head has begun and does not come to its end.
///
/// A head that arrives in one piece, as nearly all do, costs no thread: the clock starts with the second read. Used by the connection's
/// thread only.
final class HeadTimer {
  private final Duration timeout;
  private final Runnable hangUp;
  private boolean inHead = true;
  private boolean begun;
  private @Nullable CountDownLatch running;

  HeadTimer(Duration timeout, Runnable hangUp) {
    this.timeout = timeout;
    this.hangUp = hangUp;
  }

  /// The connection wants more bytes than have arrived.
  void beforeRead() {
    if (inHead && begun && running == null) {
      running = start();
    }
    begun = true;
  }

  /// The head is there, or no head is to come.
  void stop() {
    inHead = false;
    if (running != null) {
      running.countDown();
      running = null;
    }
  }

  /// Another head is to come.
  ///
  /// @param hasBegun whether some of it has arrived
  void restart(boolean hasBegun) {
    inHead = true;
    begun = hasBegun;
  }

  private CountDownLatch start() {
    var over = new CountDownLatch(1);
    Thread.ofVirtual().name("head-timer").start(() -> hangUpUnless(over));
    return over;
  }

  private void hangUpUnless(CountDownLatch over) {
    try {
      if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        hangUp.run();
      }
    } catch (InterruptedException e) {
      // the process ends, and the connection with it
      Thread.currentThread().interrupt();
    }
  }
}
