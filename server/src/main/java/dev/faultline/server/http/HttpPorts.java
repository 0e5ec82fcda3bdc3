package dev.faultline.server.http;

import io.helidon.common.socket.SocketOptions;
import io.helidon.http.DirectHandler;
import io.helidon.webserver.ErrorHandling;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/// The two ports of the server, open from construction until [#close].
public final class HttpPorts implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final int BACKLOG = 1024;

  /// Where a port listens. `setting` is the key that mends a port in use.
  public record Address(String host, int number, String setting) {}

  /// One port and who answers there.
  public record Port(Address address, Front front) {}

  /// Bounds of both ports. `headTimeout` is how long a request's line and headers may take once they have begun; `idleTimeout` closes
  /// connections on which no request has come for that long.
  public record Bounds(int connectionsMax, Duration headTimeout, Duration idleTimeout, Duration graceTimeout) {}

  private final WebServer server;

  /// @throws PortException when a port cannot be had
  public HttpPorts(Port data, Port admin, Bounds bounds, RequestIds ids) throws PortException {
    ListenerConfig adminListener = ListenerConfig.builder().name(ADMIN).update(builder -> listen(builder, admin, bounds, ids)).build();
    this.server = WebServer.builder()
        .update(builder -> listen(builder, data, bounds, ids))
        .putSocket(ADMIN, adminListener)
        .featuresDiscoverServices(false)
        .shutdownHook(false)
        .build();
    server.start();
    if (!server.isRunning()) {
      throw new PortException(data.address(), "could not be opened; the log says why");
    }
  }

  /// @throws PortException when one of them is in use, or they are the same
  public static void requireFree(Address data, Address... others) throws PortException {
    probe(data);
    for (Address other : others) {
      probe(other);
      if (data.number() != 0 && data.number() == other.number() && data.host().equals(other.host())) {
        throw new PortException(other, "the data port is the same");
      }
    }
  }

  /// Wakes the framework up: the first touch makes it read its registry of services, which takes a cold JVM a third of a second and can
  /// happen while something else loads.
  public static void prepare() {
    Thread.ofPlatform().daemon().name("prepare-http").start(HttpRouting::builder);
  }

  public int dataPort() {
    return server.port();
  }

  public int adminPort() {
    return server.port(ADMIN);
  }

  /// Takes no more connections, lets requests under way end, and closes.
  @Override
  public void close() {
    server.stop();
  }

  private static void listen(ListenerConfig.BuilderBase<?, ?> builder, Port port, Bounds bounds, RequestIds ids) {
    var errors = new PlainErrors(ids);
    var handlers = DirectHandlers.builder();
    List.of(DirectHandler.EventType.values()).forEach(type -> handlers.addHandler(type, errors));
    builder
        .host(port.address().host())
        .port(port.address().number())
        .backlog(BACKLOG)
        .routing(port.front().routing())
        .protocolsDiscoverServices(false)
        .addConnectionSelector(new HttpVersions(bounds.headTimeout(), System::nanoTime))
        .contentEncoding(new AnyEncoding())
        .directHandlers(handlers.build())
        .errorHandling(ErrorHandling.builder().includeEntity(true).build())
        .connectionOptions(SocketOptions.builder().tcpNoDelay(true).build())
        .maxTcpConnections(bounds.connectionsMax())
        .idleConnectionTimeout(bounds.idleTimeout())
        .shutdownGracePeriod(bounds.graceTimeout());
  }

  /// Helidon logs a port in use and goes on without it; asking first makes it an error that says how to mend it.
  private static void probe(Address port) throws PortException {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getByName(port.host()), port.number()));
    } catch (IOException e) {
      throw new PortException(port, e);
    }
  }

  /// A port cannot be had. The message names it, the reason and the mend.
  public static final class PortException extends IOException {
    PortException(Address port, String reason) {
      super(message(port, reason));
    }

    PortException(Address port, IOException cause) {
      super(message(port, String.valueOf(cause.getMessage())), cause);
    }

    private static String message(Address port, String reason) {
      String flag = port.setting().substring(port.setting().indexOf('.') + 1).replace('_', '-');
      return "cannot listen on " + port.host() + ":" + port.number() + ": " + reason
          + " (expected: a free port of this machine; mend: choose another with " + port.setting() + " or --" + flag + ", 0 takes a free one)";
    }
  }
}
