package dev.faultline.server.http;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/// A connection that reads through [ReadAhead] and whose remote peer is a [Caller]: that is how an endpoint reaches it, since Helidon
/// hands requests their peer and not their connection.
final class WatchedConnection implements ConnectionContext {
  private final ConnectionContext connection;
  private final DataReader reader;
  private final Caller caller;

  WatchedConnection(ConnectionContext connection) {
    this.connection = connection;
    var input = new ReadAhead(connection.dataReader());
    this.reader = DataReader.create(input);
    this.caller = new Caller(connection.remotePeer(), input, reader, connection.serverSocket()::close);
  }

  @Override
  public PeerInfo remotePeer() {
    return caller;
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
