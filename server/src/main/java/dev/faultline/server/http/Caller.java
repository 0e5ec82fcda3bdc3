package dev.faultline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.PeerInfo;

/// Who calls over HTTP/1.1, one request after the other.
///
/// Half a close counts as leaving: a caller that shuts its sending side down before the answer cannot be told from one that is gone.
final class Caller extends Peer {
  private final ReadAhead input;
  private final DataReader reader;
  private final HeadTimer timer;
  private final Runnable hangUp;

  Caller(PeerInfo peer, ReadAhead input, DataReader reader, HeadTimer timer, Runnable hangUp) {
    super(peer);
    this.input = input;
    this.reader = reader;
    this.timer = timer;
    this.hangUp = hangUp;
  }

  @Override
  public boolean isCancelled() {
    return input.hasEnded();
  }

  /// A request's head is there.
  void headArrived() {
    timer.stop();
  }

  /// What comes next is the head of another request.
  void headAwaited() {
    timer.restart(reader.available() > 0);
  }

  @Override
  int bufferedBytes() {
    return reader.available();
  }

  /// Closes the connection.
  @Override
  void hangUp(Thread reading) {
    hangUp.run();
  }

  @Override
  void reading(Thread reading) {
    // closing the connection wakes it
  }

  @Override
  void done(Thread reading) {
    // nothing was kept
  }
}
