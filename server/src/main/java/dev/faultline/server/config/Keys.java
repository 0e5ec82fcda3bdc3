package dev.faultline.server.config;

import dev.faultline.server.config.ServerConfig.Detail;
import dev.faultline.server.config.ServerConfig.LogFormat;
import dev.faultline.server.config.ServerConfig.MetricsCompat;
import dev.faultline.serving.backend.Adaptive;
import dev.faultline.server.config.ServerConfig.RequestLines;
import dev.faultline.serving.backend.Containment;
import java.time.Duration;
import java.util.List;

/// Every key there is and its default: the one place for both. `docs/configuration.md` lists the same, which a test compares.
public final class Keys {
  private static final Duration LONGEST = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);
  private static final long TEBI = 1L << 40;
  private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

  static final ConfigKey<String> SERVER_HOST =
      new ConfigKey<>("server.host", Kind.NON_EMPTY_TEXT, "127.0.0.1", "Address the data port listens on; 0.0.0.0 for all");
  static final ConfigKey<Integer> SERVER_PORT = new ConfigKey<>("server.port", Kind.PORT, "8080", "Data port: inference, health, metadata, metrics");
  static final ConfigKey<Integer> SERVER_GRPC_PORT =
      new ConfigKey<>("server.grpc_port", Kind.PORT, "9000", "gRPC port: inference, health, reflection");
  static final ConfigKey<String> SERVER_GRPC_TLS_CERT =
      new ConfigKey<>("server.grpc_tls_cert", Kind.TEXT, "", "Certificate chain of the gRPC port, a PEM file; empty: without TLS");
  static final ConfigKey<String> SERVER_GRPC_TLS_KEY =
      new ConfigKey<>("server.grpc_tls_key", Kind.TEXT, "", "Private key to server.grpc_tls_cert, a PEM file (PKCS#8)");
  static final ConfigKey<Integer> SERVER_ADMIN_PORT = new ConfigKey<>("server.admin_port", Kind.PORT, "8081", "Port of the admin API");
  static final ConfigKey<Long> SERVER_PAYLOAD_MAX_BYTES =
      new ConfigKey<>("server.payload_max_bytes", Kind.size(1L << 30), "64MiB", "Largest request body; a larger one is decode.too_large");
  static final ConfigKey<Duration> SERVER_HEAD_TIMEOUT =
      new ConfigKey<>("server.head_timeout", Kind.duration(MILLI, LONGEST), "10s", "How long a request's line and headers may take to arrive once they have begun; slower closes the connection");
  static final ConfigKey<Duration> SERVER_BODY_TIMEOUT =
      new ConfigKey<>("server.body_timeout", Kind.duration(MILLI, LONGEST), "30s", "How long a request body may take to arrive; slower counts as the caller having left");
  static final ConfigKey<Integer> SERVER_CONNECTIONS_MAX =
      new ConfigKey<>("server.connections_max", Kind.whole(1, 1_000_000), "10000", "Connections open at once; more wait to be accepted");
  static final ConfigKey<Integer> SERVER_REQUESTS_MAX =
      new ConfigKey<>("server.requests_max", Kind.whole(1, 1_000_000), "10000", "Requests under way at once on the data port; more get 503 before their body is read");
  static final ConfigKey<Duration> SERVER_DRAIN_DELAY =
      new ConfigKey<>("server.drain_delay", Kind.duration(Duration.ZERO, LONGEST), "0ms", "How long a stopping server says not ready and still serves, so that balancers notice");
  static final ConfigKey<Duration> SERVER_DRAIN_TIMEOUT =
      new ConfigKey<>("server.drain_timeout", Kind.duration(Duration.ZERO, LONGEST), "20s", "How long a stopping server waits for requests under way");
  static final ConfigKey<String> SERVER_PORTS_FILE =
      new ConfigKey<>("server.ports_file", Kind.TEXT, "", "File the ports are written to as JSON once the server is ready");
  static final ConfigKey<String> ADMIN_HOST =
      new ConfigKey<>("admin.host", Kind.NON_EMPTY_TEXT, "127.0.0.1", "Address the admin port listens on; other than loopback needs admin.token");
  static final ConfigKey<String> ADMIN_TOKEN =
      new ConfigKey<>("admin.token", Kind.TEXT, "", "When set, the admin API wants it as 'Authorization: Bearer'");
  static final ConfigKey<String> DATA_DIR =
      new ConfigKey<>("data.dir", Kind.NON_EMPTY_TEXT, ".faultline/data", "Where captures and server.json are kept; a temporary folder when this one cannot be written");
  static final ConfigKey<List<String>> MODELS_DIRS = new ConfigKey<>("models.dirs", Kind.LIST, "", "Model repositories, model folders or .onnx files");
  static final ConfigKey<String> MODELS_NAME =
      new ConfigKey<>("models.name", Kind.TEXT, "", "Name of the model of a place that holds one model only, such as KServe's /mnt/models; empty: as its folder or file says");
  static final ConfigKey<Containment> MODELS_ISOLATION =
      new ConfigKey<>("models.isolation", Kind.choice(Containment.class), "auto", "Where versions run whose contract.yaml does not say: in_process, process (a process of their own), or auto: in process unless known to kill it");
  static final ConfigKey<Long> WORKER_MEMORY =
      new ConfigKey<>("worker.memory", Kind.sizeOrAuto(TEBI), "auto", "Memory one such process may hold; auto: no limit. A version's limits.worker_memory wins");
  static final ConfigKey<Integer> WORKER_CPUS =
      new ConfigKey<>("worker.cpus", Kind.wholeOrAuto(1, 1_024, 0), "auto", "Processors one such process may use; auto: all. A version's limits.worker_cpus wins");
  static final ConfigKey<Long> WORKER_HEAP =
      new ConfigKey<>("worker.heap", Kind.size(TEBI), "512MiB", "Java heap of such a process, through which its outputs pass; the engine's own memory is beside it");
  static final ConfigKey<Integer> WORKER_SPARES =
      new ConfigKey<>("worker.spares", Kind.whole(0, 16), "1", "Processes that wait, with the engine loaded, to replace one that dies; none before the first version needs one");
  static final ConfigKey<Duration> WORKER_HANG_KILL =
      new ConfigKey<>("worker.hang_kill", Kind.duration(MILLI, LONGEST), "250ms", "How long after its infer timeout a run in such a process may go on before the process is killed");
  static final ConfigKey<Integer> QUARANTINE_KILLS =
      new ConfigKey<>("quarantine.kills", Kind.whole(1, 1_000), "2", "Processes an input kills before it is refused as queue.quarantined");
  static final ConfigKey<Duration> QUARANTINE_TTL =
      new ConfigKey<>("quarantine.ttl", Kind.duration(Duration.ofSeconds(1), Duration.ofDays(1)), "10m", "How long after its last kill an input is refused");
  static final ConfigKey<Integer> LIMITS_INSTANCES =
      new ConfigKey<>("limits.instances", Kind.wholeOrAuto(1, 1_024, PROCESSORS), "auto", "Requests a model version runs at once; auto: one per processor");
  static final ConfigKey<Integer> LIMITS_QUEUE_CAPACITY =
      new ConfigKey<>("limits.queue_capacity", Kind.whole(0, 1_000_000), "256", "Requests that may wait for a model version; more are queue.full");
  static final ConfigKey<Duration> LIMITS_QUEUE_TIMEOUT =
      new ConfigKey<>("limits.queue_timeout", Kind.duration(MILLI, LONGEST), "5s", "How long a request may wait; longer is queue.timeout");
  static final ConfigKey<Duration> LIMITS_INFER_TIMEOUT =
      new ConfigKey<>("limits.infer_timeout", Kind.duration(MILLI, LONGEST), "30s", "How long one run of a model may take; longer is infer.timeout");
  static final ConfigKey<Duration> LIMITS_STOP_GRACE =
      new ConfigKey<>("limits.stop_grace", Kind.duration(MILLI, LONGEST), "100ms", "How long a stopped run may take to come back before its lane is lost and replaced");
  static final ConfigKey<Integer> LIMITS_LOST_LANES =
      new ConfigKey<>("limits.lost_lanes", Kind.whole(0, 1_024), "8", "Lost lanes of a model version that are replaced; when no lane is left, requests are queue.lanes_lost");
  static final ConfigKey<Adaptive> LIMITS_ADAPTIVE =
      new ConfigKey<>("limits.adaptive", Kind.choice(Adaptive.class), "off", "Whether the requests inside a model version are limited by how long they take: off, gradient2 or aimd; more are queue.full");
  static final ConfigKey<Boolean> CAPTURE_ENABLED = new ConfigKey<>("capture.enabled", Kind.FLAG, "true", "Whether faults and a sample of served requests are kept");
  static final ConfigKey<Long> CAPTURE_MAX_BYTES =
      new ConfigKey<>("capture.max_bytes", Kind.size(TEBI), "1GiB", "Size of the capture store; the oldest captures go first");
  static final ConfigKey<Duration> CAPTURE_MAX_AGE =
      new ConfigKey<>("capture.max_age", Kind.duration(Duration.ofMinutes(1), Duration.ofDays(3_650)), "7d", "Age after which a capture goes");
  static final ConfigKey<Integer> CAPTURE_QUEUE_CAPACITY =
      new ConfigKey<>("capture.queue_capacity", Kind.whole(1, 1_000_000), "10000", "Captures that may wait to be stored; more are dropped and counted");
  static final ConfigKey<Double> CAPTURE_SAMPLE_PER_SECOND =
      new ConfigKey<>("capture.sample_per_second", Kind.number(0, 1e6), "5", "Served requests kept per model version and second, as a baseline");
  static final ConfigKey<List<String>> CAPTURE_DIMENSIONS =
      new ConfigKey<>("capture.dimensions", Kind.LIST, "x-client-id,x-app-version,user-agent", "Request headers kept with captures, so that faults can be told apart by them");
  static final ConfigKey<Boolean> ISOLATION_BACKGROUND =
      new ConfigKey<>("isolation.background", Kind.FLAG, "true", "Whether new fault groups are investigated by themselves; false: only those asked for");
  static final ConfigKey<Integer> ISOLATION_REPLAYS_MAX =
      new ConfigKey<>("isolation.replays_max", Kind.whole(1, 10_000), "64", "Replays an investigation may use, unless it is told otherwise");
  static final ConfigKey<Duration> ISOLATION_TIME_MAX =
      new ConfigKey<>("isolation.time_max", Kind.duration(MILLI, Duration.ofMinutes(10)), "30s", "How long an investigation may take, unless it is told otherwise");
  static final ConfigKey<Double> ISOLATION_CPU_SHARE =
      new ConfigKey<>("isolation.cpu_share", Kind.number(0.001, 1), "0.05", "Share of one core that replays of background investigations may use in the long run; 1: as much as there is");
  static final ConfigKey<Duration> ISOLATION_ROLLBACK_PATIENCE =
      new ConfigKey<>("isolation.rollback_patience", Kind.duration(Duration.ZERO, LONGEST), "5s", "How long the rollback of a failing canary waits at most for the cause of its faults");
  static final ConfigKey<List<String>> REDACTION_FIELDS = new ConfigKey<>("redaction.fields", Kind.LIST, "", "Inputs that are never kept, as tensor or tensor.column");
  static final ConfigKey<List<String>> REDACTION_HEADERS =
      new ConfigKey<>("redaction.headers", Kind.LIST, "authorization,cookie,set-cookie,proxy-authorization,x-api-key", "Request headers that are never kept and never logged");
  static final ConfigKey<Detail> ERRORS_DETAIL =
      new ConfigKey<>("errors.detail", Kind.choice(Detail.class), "auto", "How much a faulted answer says: public (no values), internal, or auto: internal when server.host is loopback");
  static final ConfigKey<LogFormat> LOG_FORMAT =
      new ConfigKey<>("log.format", Kind.choice(LogFormat.class), "auto", "json, human, or auto: human on a terminal");
  static final ConfigKey<List<String>> LOG_HEADERS =
      new ConfigKey<>("log.headers", Kind.LIST, "user-agent,content-type", "Request headers that stand in the log");
  static final ConfigKey<RequestLines> LOG_REQUESTS =
      new ConfigKey<>("log.requests", Kind.choice(RequestLines.class), "all", "Which requests get a log line: all, faults (with suspicions), or off");
  static final ConfigKey<List<String>> LOG_PAYLOADS =
      new ConfigKey<>("log.payloads", Kind.PAYLOADS, "summary", "How much of payloads the log shows, for all and for single models (MODEL=...): off, summary, sampled (one whole payload a second), faults, all");
  static final ConfigKey<Long> LOG_PAYLOAD_BYTES_MAX = new ConfigKey<>("log.payload_max_bytes", Kind.size(1 << 20), "64KiB", "Larger payloads do not stand whole in the log");
  static final ConfigKey<Long> LOG_FILE_BYTES_MAX = new ConfigKey<>("log.file_max_bytes", Kind.size(1L << 40), "100MiB", "When log.file is full it is packed and a new one begun");
  static final ConfigKey<Long> LOG_KEPT_BYTES_MAX = new ConfigKey<>("log.kept_max_bytes", Kind.size(1L << 44), "1GiB", "Packed log files together; the oldest go");
  static final ConfigKey<Duration> LOG_AGE_MAX = new ConfigKey<>("log.max_age", Kind.duration(Duration.ofDays(1), Duration.ofDays(3_650)), "30d", "Older packed log files go");
  static final ConfigKey<String> LOG_FILE = new ConfigKey<>("log.file", Kind.TEXT, "", "File the log goes to; empty: standard error");
  static final ConfigKey<Boolean> CHECKS_ENABLED = new ConfigKey<>("checks.enabled", Kind.FLAG, "true", "Whether outputs are checked against the contract");
  static final ConfigKey<Boolean> METRICS_ENABLED = new ConfigKey<>("metrics.enabled", Kind.FLAG, "true", "Whether metrics are counted and served");
  static final ConfigKey<MetricsCompat> METRICS_COMPAT =
      new ConfigKey<>("metrics.compat", Kind.choice(MetricsCompat.class), "off", "Whether /metrics has the metrics of another server besides its own: off, or triton (nv_inference_*, nv_cpu_*)");
  static final ConfigKey<List<String>> HEALTH_REQUIRED = new ConfigKey<>("health.required", Kind.LIST, "", "Models without which the server is not ready; * for all");
  static final ConfigKey<Double> HEALTH_DEGRADED_RATE =
      new ConfigKey<>("health.degraded_rate", Kind.number(0.001, 1), "0.5", "Share of a version's requests within a minute that fails, callers' own faults apart, from which it is degraded; sound again below half of it");
  static final ConfigKey<Integer> HEALTH_DEGRADED_REQUESTS_MIN =
      new ConfigKey<>("health.degraded_min_requests", Kind.whole(1, 1_000_000), "20", "Requests within a minute below which nothing is called degraded");
  static final ConfigKey<Boolean> PROFILES_AUTOMATIC =
      new ConfigKey<>("profiles.automatic", Kind.FLAG, "true", "Whether a short profile is taken by itself on a burst of timeouts (alerts.timeout_burst) or when the heap stays full");
  static final ConfigKey<Boolean> TELEMETRY_FIELDS =
      new ConfigKey<>("telemetry.fields", Kind.FLAG, "false", "Whether spans and events name a faulted field's path and value; where they go is said by the OTEL_ variables");
  static final ConfigKey<String> ALERTS_WEBHOOK_URL =
      new ConfigKey<>("alerts.webhook_url", Kind.HTTP_URL, "", "Where alerts are posted in Alertmanager's webhook payload; empty: nowhere");
  static final ConfigKey<String> ALERTS_CLOUDEVENTS_URL =
      new ConfigKey<>("alerts.cloudevents_url", Kind.HTTP_URL, "", "Where every move of a rollout is posted as a CloudEvent; empty: nowhere");
  static final ConfigKey<String> ALERTS_EXTERNAL_URL =
      new ConfigKey<>("alerts.external_url", Kind.HTTP_URL, "", "How people reach the admin port, for links in alerts; empty: its own address");
  static final ConfigKey<Integer> ALERTS_TIMEOUT_BURST =
      new ConfigKey<>("alerts.timeout_burst", Kind.whole(1, 10_000), "10", "Timeouts of one kind within a minute that are an alert");
  static final ConfigKey<Duration> ALERTS_RESOLVE_AFTER =
      new ConfigKey<>("alerts.resolve_after", Kind.duration(MILLI, Duration.ofDays(7)), "10m", "How long nothing of an alert must have come until it is over");

  /// In the order of the page.
  public static final List<ConfigKey<?>> ALL = List.of(
      SERVER_HOST,
      SERVER_PORT,
      SERVER_GRPC_PORT,
      SERVER_GRPC_TLS_CERT,
      SERVER_GRPC_TLS_KEY,
      SERVER_ADMIN_PORT,
      SERVER_PAYLOAD_MAX_BYTES,
      SERVER_HEAD_TIMEOUT,
      SERVER_BODY_TIMEOUT,
      SERVER_CONNECTIONS_MAX,
      SERVER_REQUESTS_MAX,
      SERVER_DRAIN_DELAY,
      SERVER_DRAIN_TIMEOUT,
      SERVER_PORTS_FILE,
      ADMIN_HOST,
      ADMIN_TOKEN,
      DATA_DIR,
      MODELS_DIRS,
      MODELS_NAME,
      MODELS_ISOLATION,
      WORKER_MEMORY,
      WORKER_CPUS,
      WORKER_HEAP,
      WORKER_SPARES,
      WORKER_HANG_KILL,
      QUARANTINE_KILLS,
      QUARANTINE_TTL,
      LIMITS_INSTANCES,
      LIMITS_QUEUE_CAPACITY,
      LIMITS_QUEUE_TIMEOUT,
      LIMITS_INFER_TIMEOUT,
      LIMITS_STOP_GRACE,
      LIMITS_LOST_LANES,
      LIMITS_ADAPTIVE,
      CAPTURE_ENABLED,
      CAPTURE_MAX_BYTES,
      CAPTURE_MAX_AGE,
      CAPTURE_QUEUE_CAPACITY,
      CAPTURE_SAMPLE_PER_SECOND,
      CAPTURE_DIMENSIONS,
      ISOLATION_BACKGROUND,
      ISOLATION_REPLAYS_MAX,
      ISOLATION_TIME_MAX,
      ISOLATION_CPU_SHARE,
      ISOLATION_ROLLBACK_PATIENCE,
      REDACTION_FIELDS,
      REDACTION_HEADERS,
      ERRORS_DETAIL,
      LOG_FORMAT,
      LOG_HEADERS,
      LOG_REQUESTS,
      LOG_PAYLOADS,
      LOG_PAYLOAD_BYTES_MAX,
      LOG_FILE,
      LOG_FILE_BYTES_MAX,
      LOG_KEPT_BYTES_MAX,
      LOG_AGE_MAX,
      CHECKS_ENABLED,
      METRICS_ENABLED,
      METRICS_COMPAT,
      HEALTH_REQUIRED,
      HEALTH_DEGRADED_RATE,
      HEALTH_DEGRADED_REQUESTS_MIN,
      PROFILES_AUTOMATIC,
      TELEMETRY_FIELDS,
      ALERTS_WEBHOOK_URL,
      ALERTS_CLOUDEVENTS_URL,
      ALERTS_EXTERNAL_URL,
      ALERTS_TIMEOUT_BURST,
      ALERTS_RESOLVE_AFTER);

  private Keys() {}

  static List<String> paths() {
    return ALL.stream().map(ConfigKey::path).toList();
  }
}
