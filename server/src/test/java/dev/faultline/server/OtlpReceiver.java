package dev.faultline.server;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// A telemetry backend made of OpenTelemetry's own message classes: takes OTLP over HTTP, or over gRPC, and remembers it.
final class OtlpReceiver implements AutoCloseable {
  final List<Span> spans = new CopyOnWriteArrayList<>();
  final List<LogRecord> logs = new CopyOnWriteArrayList<>();
  final List<Metric> metrics = new CopyOnWriteArrayList<>();
  final List<Resource> resources = new CopyOnWriteArrayList<>();
  final AtomicInteger held = new AtomicInteger();
  volatile int status = 200;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private final Runnable stop;
  private final int port;

  private OtlpReceiver(boolean grpc) throws IOException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (grpc) {
      Server services =
          NettyServerBuilder.forAddress(address).addService(new Traces()).addService(new Metrics()).addService(new Logs()).build().start();
      stop = services::shutdownNow;
      port = services.getPort();
    } else {
      HttpServer http = HttpServer.create(address, 0);
      http.createContext("/", this::handle);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.start();
      stop = () -> http.stop(0);
      port = http.getAddress().getPort();
    }
  }

  static OtlpReceiver http() throws IOException {
    return new OtlpReceiver(false);
  }

  static OtlpReceiver grpc() throws IOException {
    return new OtlpReceiver(true);
  }

  String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /// What makes a server send here, at once, and not after seconds.
  Map<String, String> environment(Map<String, String> more) {
    var all = new LinkedHashMap<>(Map.of(
        "OTEL_EXPORTER_OTLP_ENDPOINT", endpoint(),
        "OTEL_BSP_SCHEDULE_DELAY", "20",
        "OTEL_BLRP_SCHEDULE_DELAY", "20",
        "OTEL_METRIC_EXPORT_INTERVAL", "100"));
    all.putAll(more);
    return all;
  }

  Optional<Span> find(String name) {
    return spans.stream().filter(span -> span.getName().equals(name)).findFirst();
  }

  Span span(String name) throws InterruptedException {
    RunningServer.await("a span " + name, () -> find(name).isPresent());
    return find(name).orElseThrow();
  }

  LogRecord event(String name) throws InterruptedException {
    RunningServer.await("an event " + name, () -> logs.stream().anyMatch(record -> record.getEventName().equals(name)));
    return logs.stream().filter(record -> record.getEventName().equals(name)).findFirst().orElseThrow();
  }

  /// The latest state of a metric.
  Metric metric(String name) throws InterruptedException {
    RunningServer.await("a metric " + name, () -> metrics.stream().anyMatch(metric -> metric.getName().equals(name)));
    return metrics.reversed().stream().filter(metric -> metric.getName().equals(name)).findFirst().orElseThrow();
  }

  /// From now on nothing is answered until [#release].
  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
  }

  static String hex(com.google.protobuf.ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /// Attributes as texts.
  static Map<String, String> texts(List<KeyValue> attributes) {
    var texts = new LinkedHashMap<String, String>();
    attributes.forEach(each -> texts.put(each.getKey(), text(each.getValue())));
    return texts;
  }

  /// A member of a structured value; the empty value when there is none.
  static AnyValue member(AnyValue document, String name) {
    return document.getKvlistValue().getValuesList().stream().filter(each -> each.getKey().equals(name)).map(KeyValue::getValue).findFirst().orElse(AnyValue.getDefaultInstance());
  }

  static String text(AnyValue value) {
    return switch (value.getValueCase()) {
      case STRING_VALUE -> value.getStringValue();
      case INT_VALUE -> Long.toString(value.getIntValue());
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case DOUBLE_VALUE -> Double.toString(value.getDoubleValue());
      default -> value.toString();
    };
  }

  @Override
  public void close() {
    release();
    stop.run();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      held.incrementAndGet();
      awaitGate();
      if (status == 200) {
        switch (exchange.getRequestURI().getPath()) {
          case "/v1/traces" -> take(ExportTraceServiceRequest.parseFrom(body));
          case "/v1/metrics" -> take(ExportMetricsServiceRequest.parseFrom(body));
          case "/v1/logs" -> take(ExportLogsServiceRequest.parseFrom(body));
          default -> throw new AssertionError("nothing of OTLP is sent to " + exchange.getRequestURI());
        }
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private void awaitGate() throws IOException {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new IOException("the test never let go");
      }
    } catch (InterruptedException e) {
      throw new IOException("stopped", e);
    }
  }

  private void take(ExportTraceServiceRequest request) {
    request.getResourceSpansList().forEach(each -> {
      resources.add(each.getResource());
      each.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
    });
  }

  private void take(ExportMetricsServiceRequest request) {
    request.getResourceMetricsList().forEach(each -> each.getScopeMetricsList().forEach(scope -> metrics.addAll(scope.getMetricsList())));
  }

  private void take(ExportLogsServiceRequest request) {
    request.getResourceLogsList().forEach(each -> each.getScopeLogsList().forEach(scope -> logs.addAll(scope.getLogRecordsList())));
  }

  private final class Traces extends TraceServiceGrpc.TraceServiceImplBase {
    @Override
    public void export(ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> answer) {
      take(request);
      answer.onNext(ExportTraceServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private final class Metrics extends MetricsServiceGrpc.MetricsServiceImplBase {
    @Override
    public void export(ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> answer) {
      take(request);
      answer.onNext(ExportMetricsServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }

  private final class Logs extends LogsServiceGrpc.LogsServiceImplBase {
    @Override
    public void export(ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> answer) {
      take(request);
      answer.onNext(ExportLogsServiceResponse.getDefaultInstance());
      answer.onCompleted();
    }
  }
}
