package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.faultline.server.config.ServerConfig;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.SeverityNumber;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Telemetry as a backend sees it, received by OpenTelemetry's own message classes.
final class OpenTelemetryTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";
  private static final String INFER = "POST /v2/models/{model_name}/infer";

  @TempDir Path folder;

  @Test
  void aRequestIsASpanOfItsCallersTraceWithOneForEachStage() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(1, "traceparent", PARENT, "tracestate", "vendor=a", "X-Request-Id", "r-1");

      Span server = receiver.span(INFER);
      assertThat(OtlpReceiver.hex(server.getTraceId())).isEqualTo(TRACE);
      assertThat(OtlpReceiver.hex(server.getParentSpanId())).isEqualTo(CALLER);
      assertThat(server.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(server.getTraceState()).isEqualTo("vendor=a");
      assertThat(server.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(OtlpReceiver.texts(server.getAttributesList()))
          .containsEntry("http.request.method", "POST")
          .containsEntry("http.route", "/v2/models/{model_name}/infer")
          .containsEntry("url.path", "/v2/models/m/infer")
          .containsEntry("url.scheme", "http")
          .containsEntry("http.response.status_code", "200")
          .containsEntry("server.port", Integer.toString(running.server.ports().http()))
          .containsEntry("client.address", "127.0.0.1")
          .containsEntry("faultline.request.id", "r-1")
          .containsEntry("faultline.model.name", "m")
          .containsEntry("faultline.model.version", "2")
          .doesNotContainKeys("error.type", "faultline.code");
      for (String stage : List.of("decode", "route", "validate", "preprocess", "queue", "infer", "postprocess", "check", "encode")) {
        Span span = receiver.span("faultline." + stage);
        assertThat(span.getParentSpanId()).as(stage).isEqualTo(server.getSpanId());
        assertThat(span.getTraceId()).as(stage).isEqualTo(server.getTraceId());
        assertThat(span.getKind()).as(stage).isEqualTo(Span.SpanKind.SPAN_KIND_INTERNAL);
        assertThat(span.getStartTimeUnixNano()).as(stage).isBetween(server.getStartTimeUnixNano(), server.getEndTimeUnixNano());
        assertThat(span.getEndTimeUnixNano()).as(stage).isBetween(span.getStartTimeUnixNano(), server.getEndTimeUnixNano());
      }
      assertThat(OtlpReceiver.texts(receiver.resources.getFirst().getAttributesList()))
          .containsEntry("service.name", "faultline")
          .containsKey("service.version");
    }
  }

  @Test
  void aRequestWithoutATraceBeginsOneAndItsFaultNamesIt() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      HttpResponse<String> answer = running.infer(13, "traceparent", "00-" + TRACE + "-0000000000000000-01");

      Span server = receiver.span(INFER);
      String trace = OtlpReceiver.hex(server.getTraceId());
      assertThat(trace).isNotEqualTo(TRACE);
      assertThat(server.getParentSpanId().isEmpty()).isTrue();
      String id = answer.headers().firstValue("Faultline-Fault").orElse("").replaceAll("id=(flt_\\w+).*", "$1");
      assertThat(running.getAdmin("/faultline/v1/faults/" + id).body()).contains("\"trace_id\":\"" + trace + "\"");
    }
  }

  @Test
  void aServersFaultIsAnErrorAndACallersIsNotButBothNameTheirCode() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(13, "X-Request-Id", "models");
      running.post("/v2/models/m/infer", "{", "X-Request-Id", "callers");

      Span models = ofRequest(receiver, "models");
      assertThat(models.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(OtlpReceiver.texts(models.getAttributesList()))
          .containsEntry("http.response.status_code", "500")
          .containsEntry("error.type", "infer.failed")
          .containsEntry("faultline.code", "infer.failed")
          .containsEntry("faultline.stage", "INFER")
          .containsEntry("faultline.blame", "MODEL")
          .containsEntry("faultline.group", "FL-1")
          .containsKeys("faultline.fault.id", "faultline.confidence")
          .doesNotContainKey("faultline.field.path");
      Span infer = receiver.spans.stream()
          .filter(span -> span.getParentSpanId().equals(models.getSpanId()) && span.getName().equals("faultline.infer"))
          .findFirst()
          .orElseThrow();
      assertThat(infer.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
      assertThat(OtlpReceiver.texts(infer.getAttributesList())).containsEntry("error.type", "infer.failed");

      Span callers = ofRequest(receiver, "callers");
      assertThat(callers.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(OtlpReceiver.texts(callers.getAttributesList()))
          .containsEntry("http.response.status_code", "400")
          .containsEntry("faultline.code", "decode.json")
          .containsEntry("faultline.blame", "CALLER");
    }
  }

  @Test
  void aFaultIsAnEventWithTheWholeDocumentInTheSpanOfItsRequest() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(13);

      LogRecord event = receiver.event("faultline.fault");
      Span server = receiver.span(INFER);
      assertThat(event.getTraceId()).isEqualTo(server.getTraceId());
      assertThat(event.getSpanId()).isEqualTo(server.getSpanId());
      assertThat(event.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_ERROR);
      assertThat(OtlpReceiver.member(event.getBody(), "schema").getStringValue()).isEqualTo("faultline/fault.v1");
      assertThat(OtlpReceiver.member(event.getBody(), "summary").getStringValue()).contains("thirteen brings bad luck");
      assertThat(OtlpReceiver.member(OtlpReceiver.member(event.getBody(), "wire"), "http").getIntValue()).isEqualTo(500);
      assertThat(OtlpReceiver.texts(event.getAttributesList())).containsEntry("faultline.code", "infer.failed").containsEntry("faultline.model.name", "m");
    }
  }

  @Test
  void whatWasThrownIsALogRecordAndASpanEventOnlyWhenAskedFor() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http();
        RunningServer running = running(receiver, Map.of("OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "logs/dup"))) {
      running.infer(500);

      LogRecord thrown = receiver.event("http.server.request.exception");
      assertThat(thrown.getSeverityNumber()).isEqualTo(SeverityNumber.SEVERITY_NUMBER_ERROR);
      assertThat(OtlpReceiver.texts(thrown.getAttributesList()))
          .containsEntry("exception.type", "java.lang.IllegalStateException")
          .containsKey("exception.message")
          .hasEntrySatisfying("exception.stacktrace", trace -> assertThat(trace).contains("Caused by", "a bug with a secret in it", "FakeEngine"));
      assertThat(receiver.span(INFER).getEventsList()).singleElement().satisfies(event -> assertThat(event.getName()).isEqualTo("exception"));
    }
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(500);

      receiver.event("http.server.request.exception");
      assertThat(receiver.span(INFER).getEventsList()).isEmpty();
    }
  }

  @Test
  void theFieldAndItsValueAreToldOnlyWhenAskedFor() throws Exception {
    Map<String, String> asked = Map.of("telemetry.fields", "true");
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, asked, Map.of())) {
      running.post("/v2/models/m/infer", "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP16\",\"data\":[1]}]}");

      assertThat(OtlpReceiver.texts(receiver.span(INFER).getAttributesList()))
          .containsEntry("faultline.code", "decode.data_type_unsupported")
          .containsEntry("faultline.field.path", "inputs/x");
    }
  }

  @Test
  void callsOfGrpcCarryTheStableNamesAndTheOldOnesOnlyWhenAskedFor() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http();
        RunningServer running = running(receiver, Map.of("OTEL_SEMCONV_STABILITY_OPT_IN", "rpc/dup"));
        GrpcClient client = new GrpcClient(running.server.ports().grpc())) {
      var answer = client.calls("traceparent", PARENT).modelInfer(GrpcClient.raw(1).build());
      assertThat(answer.getModelName()).isEqualTo("m");

      Span server = receiver.span("inference.GRPCInferenceService/ModelInfer");
      assertThat(OtlpReceiver.hex(server.getParentSpanId())).isEqualTo(CALLER);
      assertThat(OtlpReceiver.texts(server.getAttributesList()))
          .containsEntry("rpc.system.name", "grpc")
          .containsEntry("rpc.method", "inference.GRPCInferenceService/ModelInfer")
          .containsEntry("rpc.status_code", "OK")
          .containsEntry("rpc.system", "grpc")
          .containsEntry("rpc.grpc.status_code", "0")
          .doesNotContainKey("http.route");
    }
  }

  @Test
  void metricsAreThoseOfTheMetricsPageAndTheConventions() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(1);
      running.infer(13);
      RunningServer.await("both requests in the metrics", () -> requests(receiver) == 2);

      assertThat(receiver.metric("faultline_faults").getSum().getDataPointsList())
          .anySatisfy(point -> assertThat(OtlpReceiver.texts(point.getAttributesList())).containsEntry("code", "infer.failed").containsEntry("blame", "MODEL"));
      assertThat(receiver.metric("faultline_stage_duration_seconds").getHistogram().getDataPointsList())
          .anySatisfy(point -> assertThat(OtlpReceiver.texts(point.getAttributesList())).containsEntry("stage", "INFER"));
      assertThat(receiver.metric("faultline_stage_duration_seconds").getUnit()).isEqualTo("s");
      assertThat(receiver.metric("faultline_build_info").getGauge().getDataPoints(0).getAsDouble()).isEqualTo(1);
      var durations = receiver.metric("http.server.request.duration").getHistogram().getDataPointsList();
      assertThat(durations.getFirst().getExplicitBoundsList()).startsWith(.005, .01, .025, .05, .075).hasSize(14);
    }
  }

  @Test
  void theLogGoesAlongAndARequestsLineIsInItsSpan() throws Exception {
    var logger = (Logger) LoggerFactory.getLogger("faultline.request");
    Level before = logger.getLevel();
    logger.setLevel(Level.INFO);
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of())) {
      running.infer(1, "traceparent", PARENT, "X-Request-Id", "r-7");

      RunningServer.await("the request's line", () -> line(receiver, "r-7").isPresent());
      LogRecord line = line(receiver, "r-7").orElseThrow();
      assertThat(line.getSpanId()).isEqualTo(receiver.span(INFER).getSpanId());
      assertThat(OtlpReceiver.member(line.getBody(), "outcome").getStringValue()).isEqualTo("served");
    } finally {
      logger.setLevel(before);
    }
  }

  @Test
  void grpcIsSpokenWhenAskedFor() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.grpc();
        RunningServer running = running(receiver, Map.of("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "OTEL_SERVICE_NAME", "credit"))) {
      running.infer(13);

      receiver.span("faultline.infer");
      receiver.event("faultline.fault");
      receiver.metric("faultline_requests");
      assertThat(OtlpReceiver.texts(receiver.resources.getFirst().getAttributesList())).containsEntry("service.name", "credit");
    }
  }

  @Test
  void aSamplerThatWantsNothingGetsNoSpansButFaultsAndMetrics() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http(); RunningServer running = running(receiver, Map.of("OTEL_TRACES_SAMPLER", "always_off"))) {
      running.infer(13);

      receiver.event("faultline.fault");
      receiver.metric("http.server.request.duration");
      assertThat(receiver.spans).isEmpty();
    }
  }

  @Test
  void aSignalWithoutAnAddressIsNotSent() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http()) {
      var only = new java.util.HashMap<>(receiver.environment(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", receiver.endpoint() + "/v1/traces")));
      only.remove("OTEL_EXPORTER_OTLP_ENDPOINT");
      try (RunningServer running = new RunningServer(folder, Map.of(), only, _ -> {})) {
        running.server.awaitReady();
        running.infer(13);
        receiver.span(INFER);
      }
      assertThat(receiver.logs).isEmpty();
      assertThat(receiver.metrics).isEmpty();
    }
  }

  @Test
  void anUnknownSamplerOrOptInKeepsTheServerFromStarting() {
    Map<String, String> address = Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9");
    for (Map.Entry<String, String> wrong : Map.of(
            "OTEL_TRACES_SAMPLER", "sometimes",
            "OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN", "spans",
            "OTEL_SEMCONV_STABILITY_OPT_IN", "rpc/dupp").entrySet()) {
      var environment = new java.util.HashMap<>(address);
      environment.put(wrong.getKey(), wrong.getValue());
      ServerConfig config = ServerConfig.with(folder, Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "data", "data"));

      assertThatThrownBy(() -> Faultline.start(config, new FakeEngine().furnishing(), environment))
          .isInstanceOf(StartException.class)
          .hasMessageContaining(wrong.getValue())
          .hasMessageContaining("OTEL_");
    }
  }

  @Test
  void aBackendThatIsAwayCostsCountedSpansAndOneLineOfTheLog() throws Exception {
    var lines = new ListAppender<ILoggingEvent>();
    lines.list = Collections.synchronizedList(lines.list);
    lines.start();
    var logger = (Logger) LoggerFactory.getLogger("dev.faultline.server.telemetry");
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try (OtlpReceiver receiver = OtlpReceiver.http();
        // without a retry, so that the test need not wait for five
        RunningServer running = running(receiver, Map.of("OTEL_METRICS_EXPORTER", "none", "OTEL_LOGS_EXPORTER", "none", "OTEL_JAVA_EXPORTER_OTLP_RETRY_DISABLED", "true"))) {
      receiver.status = 500;
      for (int i = 0; i < 5; i++) {
        assertThat(running.infer(1).statusCode()).isEqualTo(200);
        int before = i;
        RunningServer.await("spans that failed", () -> items(running, "traces", "failed") > 5L * before);
      }
      assertThat(warnings(lines)).singleElement().satisfies(line -> assertThat(line).contains("traces cannot be sent").contains("500"));

      receiver.status = 200;
      running.infer(1);
      RunningServer.await("spans that arrived", () -> items(running, "traces", "sent") > 0);
      RunningServer.await("the all-clear", () -> lines.list.stream().anyMatch(event -> event.getFormattedMessage().contains("traces are sent again")));
      assertThat(warnings(lines)).hasSize(1);
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }
  }

  @Test
  void whatDoesNotFitIsLeftOutWholeAndCounted() throws Exception {
    try (OtlpReceiver receiver = OtlpReceiver.http();
        // each request makes ten spans: those of one are on their way, those of two may wait
        RunningServer running = running(receiver, Map.of(
            "OTEL_METRICS_EXPORTER", "none", "OTEL_LOGS_EXPORTER", "none", "OTEL_BSP_MAX_QUEUE_SIZE", "20", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"))) {
      receiver.hold();
      served(running);
      RunningServer.await("the first spans on their way", () -> receiver.held.get() == 1);
      IntStream.range(0, 4).forEach(_ -> served(running));

      RunningServer.await("the spans of two requests left out", () -> items(running, "traces", "dropped") == 20);
      receiver.release();
      RunningServer.await("the others", () -> receiver.spans.size() == 30);
      assertThat(receiver.spans.stream().filter(span -> span.getName().equals(INFER))).hasSize(3);
    }
  }

  private RunningServer running(OtlpReceiver receiver, Map<String, String> variables) throws Exception {
    return running(receiver, Map.of(), variables);
  }

  private RunningServer running(OtlpReceiver receiver, Map<String, String> settings, Map<String, String> variables) throws Exception {
    var running = new RunningServer(folder, settings, receiver.environment(variables), _ -> {});
    running.server.awaitReady();
    return running;
  }

  private static Span ofRequest(OtlpReceiver receiver, String id) throws InterruptedException {
    RunningServer.await("the span of " + id, () -> find(receiver, id).isPresent());
    return find(receiver, id).orElseThrow();
  }

  private static java.util.Optional<Span> find(OtlpReceiver receiver, String id) {
    return receiver.spans.stream()
        .filter(span -> id.equals(OtlpReceiver.texts(span.getAttributesList()).get("faultline.request.id")))
        .findFirst();
  }

  private static java.util.Optional<LogRecord> line(OtlpReceiver receiver, String id) {
    return receiver.logs.stream()
        .filter(record -> record.getEventName().isEmpty() && id.equals(OtlpReceiver.texts(record.getAttributesList()).get("faultline.request.id")))
        .findFirst();
  }

  private static double requests(OtlpReceiver receiver) {
    return receiver.metrics.reversed().stream()
        .filter(metric -> metric.getName().equals("faultline_requests"))
        .findFirst()
        .map(metric -> metric.getSum().getDataPointsList().stream().mapToDouble(NumberDataPoint::getAsDouble).sum())
        .orElse(0.0);
  }

  private static long items(RunningServer running, String signal, String result) {
    try {
      String wanted = "faultline_telemetry_items_total{result=\"" + result + "\",signal=\"" + signal + "\"} ";
      return running.get("/metrics").body().lines().filter(line -> line.startsWith(wanted)).mapToLong(line -> (long) Double.parseDouble(line.substring(wanted.length()))).sum();
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void served(RunningServer running) {
    try {
      assertThat(running.infer(1).statusCode()).isEqualTo(200);
    } catch (java.io.IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> warnings(ListAppender<ILoggingEvent> lines) {
    return List.copyOf(lines.list).stream().filter(event -> event.getLevel() == Level.WARN).map(ILoggingEvent::getFormattedMessage).toList();
  }
}
