package dev.faultline.server.http;

import io.helidon.common.socket.PeerInfo;
import java.util.HashSet;
import java.util.Set;

/// Who calls over HTTP/2, several requests at once. It has left when its connection has ended; a stream that is reset alone is seen only
/// while its body is read.
final class StreamCaller extends Peer {
  private final Set<Thread> readers = new HashSet<>();
  private final Set<Thread> interrupted = new HashSet<>();
  private volatile boolean ended;

  StreamCaller(PeerInfo peer) {
    super(peer);
  }

  @Override
  public boolean isCancelled() {
    return ended;
  }

  /// What has arrived for one stream is not known here.
  @Override
  int bufferedBytes() {
    return -1;
  }

  /// Helidon takes an interrupted stream for one that has come to its end.
  @Override
  synchronized void hangUp(Thread reader) {
    if (readers.contains(reader)) {
      interrupted.add(reader);
      reader.interrupt();
    }
  }

  @Override
  synchronized void reading(Thread reader) {
    readers.add(reader);
    if (ended) {
      hangUp(reader);
    }
  }

  /// Called by the reader itself; leaves no interrupt behind that was meant for the read.
  @Override
  synchronized void done(Thread reader) {
    readers.remove(reader);
    if (interrupted.remove(reader)) {
      boolean _ = Thread.interrupted();
    }
  }

  /// No more bytes come; without being told, a thread that waits for some would wait for ever.
  synchronized void end() {
    ended = true;
    Set.copyOf(readers).forEach(this::hangUp);
  }
}
