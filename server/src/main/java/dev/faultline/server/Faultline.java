package dev.faultline.server;

import dev.faultline.capture.CaptureStoreException;
import dev.faultline.server.config.ServerConfig;
import dev.faultline.server.http.HttpPorts;
import dev.faultline.server.http.Route;
import dev.faultline.server.log.Logging;
import dev.faultline.server.telemetry.TelemetryEnvironment;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server. Ports are open and say live from the start; ready comes when every model has been tried.
public final class Faultline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Faultline.class);
  /// How long readiness waits for the capture store at most.
  private static final long RESTORE_MILLIS_MAX = 2_000;

  private final ServerConfig config;
  private final Assembly assembly;
  private final Life life;
  private final Ports ports;
  private final ServerFile serverFile;
  private final long startNanos;
  private final AtomicBoolean endsProcess = new AtomicBoolean();
  private final AtomicReference<StartReport> report = new AtomicReference<>();

  private Faultline(ServerConfig config, Furnishing furnishing, IntSupplier freeLogPlaces, TelemetryEnvironment environment, long startNanos)
      throws IOException {
    this.startNanos = startNanos;
    this.config = config;
    this.life = new Life();
    this.assembly = new Assembly(config, furnishing, life, freeLogPlaces, environment);
    this.ports = new Ports(assembly.ports.dataPort(), assembly.grpc.port(), assembly.ports.adminPort());
    this.serverFile = ServerFile.write(assembly.data.serverFile(), ports, config, Instant.now());
  }

  /// Starts a server on ONNX Runtime that writes the log of the process.
  ///
  /// @throws StartException when a port, the data folder or a model repository cannot be had
  public static Faultline start(ServerConfig config) throws StartException {
    long startNanos = System.nanoTime();
    List<String> jvmArguments = ManagementFactory.getRuntimeMXBean().getInputArguments();
    Debugging.requireLoopback(jvmArguments);
    Logging log = Logs.start(config.log());
    Debugging.find(jvmArguments).ifPresent(address -> LOG.warn(
        "remote debugging is on at '{}': whoever is on this machine can read and change everything in this process, captures and tokens included (mend: leave --debug-port out)", address));
    HttpPorts.prepare();
    return start(config, Furnishing.standard(config), log::freePlaces, new TelemetryEnvironment(System.getenv()), startNanos);
  }

  /// Starts a server whose engine and judges are given, in a process that writes its own log.
  ///
  /// @throws StartException when a port, the data folder or a model repository cannot be had
  public static Faultline start(ServerConfig config, Furnishing furnishing) throws StartException {
    return start(config, furnishing, System.getenv());
  }

  /// The same, in an environment of its own: where telemetry goes is said by its `OTEL_` variables.
  ///
  /// @throws StartException when a port, the data folder or a model repository cannot be had, or a variable cannot be followed
  public static Faultline start(ServerConfig config, Furnishing furnishing, Map<String, String> environment) throws StartException {
    return start(config, furnishing, () -> Integer.MAX_VALUE, new TelemetryEnvironment(environment), System.nanoTime());
  }

  private static Faultline start(
      ServerConfig config, Furnishing furnishing, IntSupplier freeLogPlaces, TelemetryEnvironment environment, long startNanos) throws StartException {
    try {
      var server = new Faultline(config, furnishing, freeLogPlaces, environment, startNanos);
      server.assembly.loading.start(Runtime.getRuntime().availableProcessors(), server::ready);
      return server;
    } catch (IOException | IllegalArgumentException | CaptureStoreException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Where debuggers get into this process, such as `127.0.0.1:5005`; empty when they do not.
  public static Optional<String> debugAddress() {
    return Debugging.find(ManagementFactory.getRuntimeMXBean().getInputArguments());
  }

  public Ports ports() {
    return ports;
  }

  public Phase phase() {
    return life.phase();
  }

  /// Where this server keeps what must outlive it; the temporary stand-in when the configured folder cannot be written.
  public Path dataDir() {
    return assembly.data.path();
  }

  /// Waits until every model has been tried.
  ///
  /// @throws IllegalStateException when the server is stopped before
  public StartReport awaitReady() throws InterruptedException {
    life.awaitReady();
    StartReport made = report.get();
    if (made == null) {
      throw new IllegalStateException("the server was stopped before it was ready");
    }
    return made;
  }

  /// Stops like a server that others rely on: says not ready, waits until balancers have noticed, takes no more requests, lets those
  /// under way end, closes the models. Returns when that is done; called again it waits for the first call.
  public void stop() {
    try {
      if (life.advance(Phase.LEAVING)) {
        leave();
      } else {
        life.awaitStopped();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }

  /// From now on SIGTERM and SIGINT stop the server and end the process; a second one ends it at once.
  public void stopOnSignals() {
    Signals.handle(() -> {
      endsProcess.set(true);
      stop();
    });
  }

  /// Waits until [#stop] is done. Does not return when a signal stopped the server: the process is about to end with the signal's status.
  public void awaitStopped() throws InterruptedException {
    life.awaitStopped();
    if (endsProcess.get()) {
      Thread.sleep(Duration.ofMinutes(1));
    }
  }

  List<Route> dataRoutes() {
    return assembly.dataRoutes.routes();
  }

  List<Route> adminRoutes() {
    return assembly.admin.table().routes();
  }

  private void ready() {
    awaitGroups();
    long millis = (System.nanoTime() - startNanos) / 1_000_000;
    report.set(new StartReport(ports, assembly.models.list(), assembly.loading.skipped(), millis));
    try {
      if (!config.server().portsFile().isEmpty()) {
        ports.writeTo(Path.of(config.server().portsFile()));
      }
    } catch (IOException e) {
      LOG.error("cannot write the ports file '{}' (mend: --ports-file with a path that can be written)", config.server().portsFile(), e);
    }
    assembly.rollout.resume();
    assembly.grpc.ready(life.advance(Phase.READY));
    LOG.info("ready after {} ms: http {}, gRPC {}, admin {}", millis, ports.http(), ports.grpc(), ports.admin());
  }

  private void awaitGroups() {
    try {
      assembly.keptGroups.awaitRestored(RESTORE_MILLIS_MAX);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void leave() throws InterruptedException {
    assembly.grpc.ready(false);
    LOG.info("stopping: {} requests under way", assembly.dispatcher.inFlight());
    if (life.awaitStopped(config.server().drainDelay().toMillis())) {
      return;
    }
    life.advance(Phase.DRAINING);
    if (!assembly.dispatcher.awaitEmpty(config.server().drainTimeout().toMillis())) {
      LOG.warn("{} requests were still under way after {} and are cut off", assembly.dispatcher.inFlight(), config.server().drainTimeout());
    }
    try {
      assembly.close();
      serverFile.delete();
    } catch (IOException e) {
      LOG.warn("cannot remove {}", serverFile.path(), e);
    } finally {
      life.advance(Phase.STOPPED);
    }
    LOG.info("stopped");
  }
}
