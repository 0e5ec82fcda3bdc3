package dev.faultline.server.http;

import dev.faultline.request.Cancellation;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/// The other end of a connection, which can be asked whether it is still there.
///
/// Half a close counts as leaving: a caller that shuts its sending side down before the answer cannot be told from one that is gone.
final class Caller implements PeerInfo, Cancellation {
  private final PeerInfo peer;
  /// Asked for at once: a connection that was closed does not know it any more.
  private final String host;
  private final ReadAhead input;
  private final DataReader reader;
  private final Runnable hangUp;

  Caller(PeerInfo peer, ReadAhead input, DataReader reader, Runnable hangUp) {
    this.peer = peer;
    this.host = peer.host();
    this.input = input;
    this.reader = reader;
    this.hangUp = hangUp;
  }

  @Override
  public boolean isCancelled() {
    return input.hasEnded();
  }

  /// Bytes that have arrived and wait to be read.
  int bufferedBytes() {
    return reader.available();
  }

  /// Closes the connection under a reader that waits too long; safe from any thread.
  void hangUp() {
    hangUp.run();
  }

  @Override
  public SocketAddress address() {
    return peer.address();
  }

  @Override
  public String host() {
    return host;
  }

  @Override
  public int port() {
    return peer.port();
  }

  @Override
  public Optional<Principal> tlsPrincipal() {
    return peer.tlsPrincipal();
  }

  @Override
  public Optional<Certificate[]> tlsCertificates() {
    return peer.tlsCertificates();
  }
}
