package dev.faultline.server.http;

import io.helidon.webserver.http.ServerRequest;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Hangs up on a sender that takes longer than it may, unless closed before. A body that has arrived already needs none.
final class Patience implements AutoCloseable {
  private final Peer peer;
  private final Thread reader;
  private final CountDownLatch over;
  private boolean expired;
  private boolean closed;

  private Patience(Peer peer, Thread reader, CountDownLatch over) {
    this.peer = peer;
    this.reader = reader;
    this.over = over;
  }

  /// For the body of a request, which the current thread is about to read.
  static Patience of(ServerRequest request, OptionalLong announcedBytes, Duration timeout) {
    if (!(request.remotePeer() instanceof Peer peer)) {
      throw new IllegalStateException("a request came over a connection that is not watched");
    }
    if (announcedBytes.isPresent() && announcedBytes.getAsLong() <= peer.bufferedBytes()) {
      return new Patience(peer, Thread.currentThread(), new CountDownLatch(0));
    }
    return with(peer, timeout);
  }

  /// With whoever sends what the current thread reads.
  static Patience with(Peer peer, Duration timeout) {
    var patience = new Patience(peer, Thread.currentThread(), new CountDownLatch(1));
    peer.reading(patience.reader);
    Thread.ofVirtual().name("patience").start(() -> patience.hangUpUnlessClosed(timeout));
    return patience;
  }

  /// Whether it came to an end before it was closed.
  synchronized boolean isExpired() {
    return expired;
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    over.countDown();
    peer.done(reader);
  }

  private void hangUpUnlessClosed(Duration timeout) {
    try {
      if (!over.await(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        expire();
      }
    } catch (InterruptedException e) {
      // the process ends, and the connection with it
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void expire() {
    if (!closed) {
      expired = true;
      peer.hangUp(reader);
    }
  }
}
