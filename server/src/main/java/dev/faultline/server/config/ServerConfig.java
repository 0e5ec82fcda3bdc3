package dev.faultline.server.config;

import dev.faultline.serving.backend.Adaptive;
import dev.faultline.serving.backend.Containment;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Everything the server is told, as one value. Made by [ConfigReader], or by [#defaults] and the `with` methods in tests. What each
/// key means and its default stand in [Keys].
public record ServerConfig(
    Server server,
    Admin admin,
    Path dataDir,
    List<Path> modelDirs,
    String modelName,
    Workers workers,
    Limits limits,
    Capture capture,
    Isolation isolation,
    Redaction redaction,
    Detail errorsDetail,
    Log log,
    Switch checks,
    Switch metrics,
    MetricsCompat metricsCompat,
    Telemetry telemetry,
    Health health,
    Switch profilesAutomatic,
    Alerts alerts,
    List<DeclaredRollout> rollouts) {

  /// Whether a part of the product works at all.
  public enum Switch {
    ON,
    OFF;

    static Switch of(boolean on) {
      return on ? ON : OFF;
    }

    public boolean isOn() {
      return this == ON;
    }
  }

  /// How much a faulted answer says. `AUTO` is settled by [#errorsDetail()] of the finished configuration and never comes out of it.
  public enum Detail {
    AUTO,
    PUBLIC,
    INTERNAL
  }

  public enum LogFormat {
    AUTO,
    JSON,
    HUMAN
  }

  /// Which requests get a line in the log. `FAULTS` has suspicions too.
  public enum RequestLines {
    ALL,
    FAULTS,
    OFF
  }

  /// Whose metrics stand in `/metrics` besides the server's own.
  public enum MetricsCompat {
    OFF,
    TRITON
  }

  /// `portsFile` empty: none is written.
  public record Server(
      String host,
      int port,
      int grpcPort,
      String grpcTlsCert,
      String grpcTlsKey,
      int adminPort,
      long payloadMaxBytes,
      Duration headTimeout,
      Duration bodyTimeout,
      int connectionsMax,
      int requestsMax,
      Duration drainDelay,
      Duration drainTimeout,
      String portsFile) {}

  /// `token` empty: none is asked for.
  public record Admin(String host, String token) {
    public boolean isLoopback() {
      return ServerConfig.isLoopback(host);
    }

    @Override
    public String toString() {
      return "Admin[host=" + host + ", token=" + (token.isEmpty() ? "none" : "***") + "]";
    }
  }

  /// Where versions run that do not say, and what a process of their own gets; a limit of 0 is none.
  public record Workers(
      Containment isolation,
      long memoryBytesMax,
      int cpusMax,
      long heapBytes,
      int spares,
      Duration hangKill,
      int quarantineKills,
      Duration quarantineTtl) {}

  public record Limits(
      int instances, int queueCapacityMax, Duration queueTimeout, Duration inferTimeout, Duration stopGrace, int lostLanesMax, Adaptive adaptive) {}

  public record Capture(Switch kept, long bytesMax, Duration ageMax, int queueCapacityMax, double samplePerSecond, List<String> dimensions) {
    public Capture {
      dimensions = List.copyOf(dimensions);
    }
  }

  /// `background` says whether groups are investigated by themselves.
  public record Isolation(Switch background, int replaysMax, Duration timeMax, double cpuShare, Duration rollbackPatience) {}

  public record Redaction(List<String> fields, List<String> headers) {
    public Redaction {
      fields = List.copyOf(fields);
      headers = List.copyOf(headers);
    }
  }

  /// `file` empty: standard error.
  public record Log(
      LogFormat format,
      List<String> headers,
      RequestLines requests,
      List<String> payloads,
      long payloadBytesMax,
      String file,
      long fileBytesMax,
      long keptBytesMax,
      Duration ageMax) {
    public Log {
      headers = List.copyOf(headers);
      payloads = List.copyOf(payloads);
    }
  }

  /// `required` names models without which the server is not ready, `*` for all; a version is degraded when `degradedRate` and more of at least
  /// `degradedRequestsMin` requests a minute fail.
  public record Health(List<String> required, double degradedRate, int degradedRequestsMin) {
    public Health {
      required = List.copyOf(required);
    }
  }

  /// `fields` says whether spans and events carry a faulted field's path and value as attributes. Everything else is said by the
  /// environment's `OTEL_` variables.
  public record Telemetry(Switch fields) {}

  /// The URLs may be empty.
  public record Alerts(String webhookUrl, String cloudEventsUrl, String externalUrl, int timeoutBurst, Duration resolveAfter) {}

  public ServerConfig {
    modelDirs = List.copyOf(modelDirs);
    rollouts = List.copyOf(rollouts);
    errorsDetail = errorsDetail == Detail.AUTO ? (isLoopback(server.host()) ? Detail.INTERNAL : Detail.PUBLIC) : errorsDetail;
  }

  /// The configuration of a server that is told nothing, with relative paths seen from `workingDir`.
  public static ServerConfig defaults(Path workingDir) {
    return with(workingDir, Map.of());
  }

  /// The defaults but for some keys: for tests and programs that embed the server.
  ///
  /// @throws IllegalArgumentException naming every problem
  public static ServerConfig with(Path workingDir, Map<String, String> values) {
    try {
      return new ConfigReader(workingDir, Map.of()).readFlagsOnly(values).config();
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  static ServerConfig of(Values values, List<DeclaredRollout> rollouts, Path workingDir) {
    return new ServerConfig(
        server(values),
        new Admin(values.of(Keys.ADMIN_HOST), values.of(Keys.ADMIN_TOKEN)),
        workingDir.resolve(values.of(Keys.DATA_DIR)),
        values.of(Keys.MODELS_DIRS).stream().map(workingDir::resolve).toList(),
        values.of(Keys.MODELS_NAME),
        workers(values),
        limits(values),
        capture(values),
        isolation(values),
        new Redaction(values.of(Keys.REDACTION_FIELDS), values.of(Keys.REDACTION_HEADERS)),
        values.of(Keys.ERRORS_DETAIL),
        new Log(
            values.of(Keys.LOG_FORMAT),
            values.of(Keys.LOG_HEADERS),
            values.of(Keys.LOG_REQUESTS),
            values.of(Keys.LOG_PAYLOADS),
            values.of(Keys.LOG_PAYLOAD_BYTES_MAX),
            values.of(Keys.LOG_FILE),
            values.of(Keys.LOG_FILE_BYTES_MAX),
            values.of(Keys.LOG_KEPT_BYTES_MAX),
            values.of(Keys.LOG_AGE_MAX)),
        Switch.of(values.of(Keys.CHECKS_ENABLED)),
        Switch.of(values.of(Keys.METRICS_ENABLED)),
        values.of(Keys.METRICS_COMPAT),
        new Telemetry(Switch.of(values.of(Keys.TELEMETRY_FIELDS))),
        new Health(values.of(Keys.HEALTH_REQUIRED), values.of(Keys.HEALTH_DEGRADED_RATE), values.of(Keys.HEALTH_DEGRADED_REQUESTS_MIN)),
        Switch.of(values.of(Keys.PROFILES_AUTOMATIC)),
        new Alerts(
            values.of(Keys.ALERTS_WEBHOOK_URL),
            values.of(Keys.ALERTS_CLOUDEVENTS_URL),
            values.of(Keys.ALERTS_EXTERNAL_URL),
            values.of(Keys.ALERTS_TIMEOUT_BURST),
            values.of(Keys.ALERTS_RESOLVE_AFTER)),
        rollouts);
  }

  private static Server server(Values values) {
    return new Server(
        values.of(Keys.SERVER_HOST),
        values.of(Keys.SERVER_PORT),
        values.of(Keys.SERVER_GRPC_PORT),
        values.of(Keys.SERVER_GRPC_TLS_CERT),
        values.of(Keys.SERVER_GRPC_TLS_KEY),
        values.of(Keys.SERVER_ADMIN_PORT),
        values.of(Keys.SERVER_PAYLOAD_MAX_BYTES),
        values.of(Keys.SERVER_HEAD_TIMEOUT),
        values.of(Keys.SERVER_BODY_TIMEOUT),
        values.of(Keys.SERVER_CONNECTIONS_MAX),
        values.of(Keys.SERVER_REQUESTS_MAX),
        values.of(Keys.SERVER_DRAIN_DELAY),
        values.of(Keys.SERVER_DRAIN_TIMEOUT),
        values.of(Keys.SERVER_PORTS_FILE));
  }

  private static Workers workers(Values values) {
    return new Workers(
        values.of(Keys.MODELS_ISOLATION),
        values.of(Keys.WORKER_MEMORY),
        values.of(Keys.WORKER_CPUS),
        values.of(Keys.WORKER_HEAP),
        values.of(Keys.WORKER_SPARES),
        values.of(Keys.WORKER_HANG_KILL),
        values.of(Keys.QUARANTINE_KILLS),
        values.of(Keys.QUARANTINE_TTL));
  }

  private static Limits limits(Values values) {
    return new Limits(
        values.of(Keys.LIMITS_INSTANCES),
        values.of(Keys.LIMITS_QUEUE_CAPACITY),
        values.of(Keys.LIMITS_QUEUE_TIMEOUT),
        values.of(Keys.LIMITS_INFER_TIMEOUT),
        values.of(Keys.LIMITS_STOP_GRACE),
        values.of(Keys.LIMITS_LOST_LANES),
        values.of(Keys.LIMITS_ADAPTIVE));
  }

  private static Capture capture(Values values) {
    return new Capture(
        Switch.of(values.of(Keys.CAPTURE_ENABLED)),
        values.of(Keys.CAPTURE_MAX_BYTES),
        values.of(Keys.CAPTURE_MAX_AGE),
        values.of(Keys.CAPTURE_QUEUE_CAPACITY),
        values.of(Keys.CAPTURE_SAMPLE_PER_SECOND),
        values.of(Keys.CAPTURE_DIMENSIONS));
  }

  private static Isolation isolation(Values values) {
    return new Isolation(
        Switch.of(values.of(Keys.ISOLATION_BACKGROUND)),
        values.of(Keys.ISOLATION_REPLAYS_MAX),
        values.of(Keys.ISOLATION_TIME_MAX),
        values.of(Keys.ISOLATION_CPU_SHARE),
        values.of(Keys.ISOLATION_ROLLBACK_PATIENCE));
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // binding to it will say so; until then it is not known to be safe
      return false;
    }
  }
}
