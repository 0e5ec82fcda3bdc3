package dev.faultline.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Set;

/// HTTP/1.1 as Helidon speaks it, over connections that can be watched.
final class WatchedHttp1 implements ServerConnectionSelector {
  private final ServerConnectionSelector http1 =
      Http1ConnectionSelector.builder().config(Http1Config.builder().sendKeepAliveHeader(false).buildPrototype()).build();

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext connection) {
    return http1.connection(new WatchedConnection(connection));
  }
}
