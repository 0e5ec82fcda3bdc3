package dev.faultline.server.http;

import io.helidon.common.buffers.BufferData;
import io.helidon.http.HttpPrologue;
import io.helidon.http.WritableHeaders;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.http1.spi.Http1Upgrader;
import io.helidon.webserver.http2.Http2Config;
import io.helidon.webserver.http2.Http2ConnectionSelector;
import io.helidon.webserver.http2.Http2Upgrader;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;

/// HTTP/1.1 and HTTP/2 without TLS as Helidon speaks them, over connections that can be watched.
///
/// The only selector of its port, so that Helidon asks it before a byte has come: the first bytes are read here, under the timer that
/// all heads have.
final class HttpVersions implements ServerConnectionSelector {
  private static final int STREAMS_MAX = 1_000;
  private static final int WINDOW_BYTES = 1 << 20;
  private static final int HEAD_BYTES_MAX = 16 << 10;
  private static final Http2Config HTTP2 =
      Http2Config.builder().maxConcurrentStreams(STREAMS_MAX).initialWindowSize(WINDOW_BYTES).maxHeaderListSize(HEAD_BYTES_MAX).buildPrototype();

  private final ServerConnectionSelector http1 = Http1ConnectionSelector.builder()
      .config(Http1Config.builder().sendKeepAliveHeader(false).buildPrototype())
      .addUpgrader(new ToHttp2())
      .build();
  private final Duration headTimeout;
  private final LongSupplier nanoClock;

  HttpVersions(Duration headTimeout, LongSupplier nanoClock) {
    this.headTimeout = headTimeout;
    this.nanoClock = nanoClock;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return Set.of("http/1.1", "h2");
  }

  @Override
  public ServerConnection connection(ConnectionContext connection) {
    return new FirstBytes(WatchedConnection.of(connection, headTimeout), http1::connection, HttpVersions::http2, nanoClock);
  }

  /// For a caller who knew before that HTTP/2 is spoken here.
  private static ServerConnection http2(WatchedConnection connection) {
    var caller = new StreamCaller(connection.remotePeer());
    return new StreamConnection(Http2ConnectionSelector.builder().http2Config(HTTP2).build().connection(connection.streamed(caller)), caller);
  }

  /// For a caller who asks in HTTP/1.1, with a request that has no body.
  private static final class ToHttp2 implements Http1Upgrader {
    private final Http2Upgrader upgrader = Http2Upgrader.create(HTTP2);

    @Override
    public String supportedProtocol() {
      return upgrader.supportedProtocol();
    }

    @Override
    public ServerConnection upgrade(ConnectionContext context, HttpPrologue prologue, WritableHeaders<?> headers) {
      var caller = new StreamCaller(context.remotePeer());
      WatchedConnection connection = ((WatchedConnection) context).streamed(caller);
      return new StreamConnection(upgrader.upgrade(connection, prologue, headers), caller);
    }
  }
}
