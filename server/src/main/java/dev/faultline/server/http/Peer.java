package dev.faultline.server.http;

import dev.faultline.request.Cancellation;
import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/// The other end of a connection, which can be asked whether it is still there, and be hung up on.
abstract sealed class Peer implements PeerInfo, Cancellation permits Caller, StreamCaller {
  private final PeerInfo peer;
  /// Asked for at once: a connection that was closed does not know it any more.
  private final String host;

  Peer(PeerInfo peer) {
    this.peer = peer;
    this.host = peer.host();
  }

  /// Bytes of the body that have arrived and wait to be read.
  abstract int bufferedBytes();

  /// Ends a read that waits too long; safe from any thread.
  abstract void hangUp(Thread reader);

  /// A thread waits for bytes from now on, and is told when no more can come.
  abstract void reading(Thread reader);

  abstract void done(Thread reader);

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
