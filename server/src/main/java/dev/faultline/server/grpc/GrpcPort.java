package dev.faultline.server.grpc;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// The listening gRPC port. Every call runs on a virtual thread of its own.
public final class GrpcPort implements AutoCloseable {
  /// Above the server's own limit, so that a message a little too large is refused by DECODE, with everything a fault says, and not by the
  /// transport, which says a status only.
  private static final int MARGIN_BYTES = 16 << 20;

  private static final int WINDOW_BYTES = 1 << 20;
  private static final int CALLS_PER_CONNECTION_MAX = 1_000;
  private static final int METADATA_BYTES_MAX = 16 << 10;
  private static final long GRACE_MILLIS = 1_000;
  private static final Duration PING_INTERVAL_MIN = Duration.ofSeconds(10);

  /// Where to listen. `certificate` and `key` are files in PEM; both empty: without TLS.
  public record Address(String host, int port, String certificate, String key) {
    ServerCredentials credentials() throws IOException {
      return certificate.isEmpty() && key.isEmpty() ? InsecureServerCredentials.create() : TlsServerCredentials.create(new File(certificate), new File(key));
    }
  }

  private final HealthStatusManager health = new HealthStatusManager();
  private final ExecutorService threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("grpc-", 0).factory());
  private final Server server;

  /// @throws IOException when the port or the certificate cannot be had
  public GrpcPort(Address address, ServerServiceDefinition service, int payloadMaxBytes) throws IOException {
    TransportLog.bring();
    say(ServingStatus.NOT_SERVING);
    this.server = NettyServerBuilder.forAddress(new InetSocketAddress(address.host(), address.port()), address.credentials())
        .executor(threads)
        .maxInboundMessageSize((int) Math.min(Integer.MAX_VALUE, (long) payloadMaxBytes + MARGIN_BYTES))
        .maxInboundMetadataSize(METADATA_BYTES_MAX)
        .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
        .initialFlowControlWindow(WINDOW_BYTES)
        .permitKeepAliveTime(PING_INTERVAL_MIN.toSeconds(), TimeUnit.SECONDS)
        .permitKeepAliveWithoutCalls(true)
        .addStreamTracerFactory(StreamEnd.FACTORY)
        .addService(service)
        .addService(health.getHealthService())
        .addService(ProtoReflectionServiceV1.newInstance())
        .addService(reflectionOfOlderClients())
        .build()
        .start();
  }

  public int port() {
    return server.getPort();
  }

  /// What the health service answers from now on, and tells those who watch.
  public void ready(boolean ready) {
    say(ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING);
  }

  /// Takes no more calls. Requests have ended when the server closes its ports; streams that only wait for messages are cut off.
  @Override
  public void close() {
    health.enterTerminalState();
    server.shutdown();
    try {
      if (!server.awaitTermination(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        server.shutdownNow();
      }
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
    threads.shutdown();
  }

  private void say(ServingStatus status) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    health.setStatus(InferenceService.NAME, status);
  }

  /// `grpc.reflection.v1alpha`, which grpcurl before 1.9 asks for.
  @SuppressWarnings("deprecation") // deprecated in favour of v1, which is served too
  private static io.grpc.BindableService reflectionOfOlderClients() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }
}
