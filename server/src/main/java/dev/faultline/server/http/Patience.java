package dev.faultline.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Hangs up on a sender that takes longer than it may, unless closed before. A body that has arrived already needs none.
final class Patience implements AutoCloseable {
  private static final Patience UNNEEDED = new Patience(new CountDownLatch(0));

  private final CountDownLatch done;

  private Patience(CountDownLatch done) {
    this.done = done;
  }

  static Patience of(ServerRequest request, OptionalLong announcedBytes, Duration timeout) {
    if (!(request.remotePeer() instanceof Caller caller)) {
      return UNNEEDED;
    }
    if (announcedBytes.isPresent() && announcedBytes.getAsLong() <= caller.bufferedBytes()) {
      return UNNEEDED;
    }
    var done = new CountDownLatch(1);
    Thread.ofVirtual().name("patience").start(() -> hangUpUnless(done, timeout, caller));
    return new Patience(done);
  }

  @Override
  public void close() {
    done.countDown();
  }

  private static void hangUpUnless(CountDownLatch done, Duration timeout, Caller caller) {
    try {
      if (!done.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        caller.hangUp();
      }
    } catch (InterruptedException e) {
      // the process ends, and the connection with it
      Thread.currentThread().interrupt();
    }
  }
}
