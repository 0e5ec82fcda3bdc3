package dev.faultline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// A connection whose remote peer is a [Peer] of ours: that is how an endpoint reaches it, since Helidon hands requests their peer and not
/// their connection.
final class WatchedConnection implements ConnectionContext {
  private final ConnectionContext connection;
  private final DataReader reader;
  private final Peer peer;

  private WatchedConnection(ConnectionContext connection, DataReader reader, Peer peer) {
    this.connection = connection;
    this.reader = reader;
    this.peer = peer;
  }

  /// Reads through [ReadAhead]. A request's head may take `headTimeout` once it has begun.
  static WatchedConnection of(ConnectionContext connection, Duration headTimeout) {
    Runnable hangUp = () -> hangUp(connection.serverSocket());
    var timer = new HeadTimer(headTimeout, hangUp);
    var input = new ReadAhead(connection.dataReader(), timer);
    DataReader reader = DataReader.create(input);
    return new WatchedConnection(connection, reader, new Caller(connection.remotePeer(), input, reader, timer, hangUp));
  }

  /// The same connection as HTTP/2 goes on with it.
  WatchedConnection streamed(StreamCaller caller) {
    ended();
    return new WatchedConnection(connection, reader, caller);
  }

  /// No head of HTTP/1.1 is read any more, so none is timed.
  void ended() {
    if (peer instanceof Caller caller) {
      caller.headArrived();
    }
  }

  private static void hangUp(HelidonSocket socket) {
    try {
      socket.close();
    } catch (UncheckedIOException e) {
      // whoever called hung up first, which is as good
    }
  }

  @Override
  public PeerInfo remotePeer() {
    return peer;
  }

  @Override
  public DataReader dataReader() {
    return reader;
  }

  @Override
  public PeerInfo localPeer() {
    return connection.localPeer();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  @Override
  public String socketId() {
    return connection.socketId();
  }

  @Override
  public String childSocketId() {
    return connection.childSocketId();
  }

  @Override
  public ListenerContext listenerContext() {
    return connection.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return connection.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return connection.dataWriter();
  }

  @Override
  public Router router() {
    return connection.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return connection.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return connection.serverSocket();
  }
}
