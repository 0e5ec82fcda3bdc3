package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.server.log.CorrelatingAppender;
import dev.faultline.server.log.Correlation;
import dev.faultline.server.log.OutcomeLine;
import dev.faultline.server.log.RequestLog;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The log of a running server: what it says of payloads, whose lines are whose, and its levels.
class LogsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  @TempDir Path folder;

  @Test
  void payloadsStandInTheLogAsThePolicyOfTheModelSays() throws Exception {
    assertThat(line("off", 1).path("payload").path("inputs")).isEmpty();
    assertThat(line("summary", 1).path("payload").has("body")).isFalse();
    assertThat(line("summary", 1).path("payload").path("inputs").path(0).path("name").asText()).isEqualTo("x");
    assertThat(line("off,m=all", 1).path("payload").path("body").asText()).isEqualTo(RunningServer.body(1));
    assertThat(line("faults", 1).path("payload").has("body")).isFalse();
    assertThat(line("faults", 13).path("payload").path("body").asText()).isEqualTo(RunningServer.body(13));
  }

  @Test
  void whatRedactionHidesDoesNotStandInTheLog() throws Exception {
    JsonNode payload = line("all", 4711, "redaction.fields", "x").path("payload");
    assertThat(payload.path("redacted").asBoolean()).as(payload.toString()).isTrue();
    assertThat(payload.toString()).doesNotContain("4711");
  }

  @Test
  void aPayloadThatIsTooLargeIsLeftOutAndCounted() throws Exception {
    try (var running = new RunningServer(folder, Map.of("log.payloads", "all", "log.payload_max_bytes", "16B"))) {
      var lines = listen();
      assertThat(running.infer(1).statusCode()).isEqualTo(200);
      JsonNode payload = awaitLine(lines).path("payload");
      assertThat(payload.path("left_out").asText()).endsWith(" bytes (log.payload_max_bytes: 16)");
      assertThat(running.getAdmin("/metrics").body()).contains("faultline_log_payloads_left_out_total 1.0");
    }
  }

  @Test
  void whatALaneSaysLateStandsUnderTheIdOfItsRequest() throws Exception {
    try (var running = new RunningServer(folder, Map.of("limits.infer_timeout", "20ms"))) {
      var lines = listen();
      assertThat(running.infer(60, "X-Request-Id", "late-one").statusCode()).isEqualTo(504);
      running.engine.release.countDown();
      RunningServer.await("the lane's line", () -> copy(lines).stream().anyMatch(each -> each.getFormattedMessage().contains("the run of request late-one")));
      assertThat(copy(lines)).filteredOn(each -> each.getFormattedMessage().contains("the run of request late-one"))
          .allSatisfy(each -> assertThat(each.getMDCPropertyMap()).containsEntry(Correlation.REQUEST_ID, "late-one"));
    }
  }

  @Test
  void aPackageGetsALevelWhileTheServerRunsAndGivesItBack() throws Exception {
    try (var running = new RunningServer(folder, Map.of())) {
      HttpResponse<String> set = admin(running, "PUT", "/loggers/dev.faultline.serving.batch", "{\"level\":\"debug\"}");
      assertThat(set.body()).isEqualTo("{\"name\":\"dev.faultline.serving.batch\",\"level\":\"DEBUG\",\"effective\":\"DEBUG\"}");
      assertThat(LoggerFactory.getLogger("dev.faultline.serving.batch.Batcher").isDebugEnabled()).isTrue();
      assertThat(running.getAdmin("/faultline/v1/loggers").body()).contains("\"name\":\"dev.faultline.serving.batch\",\"level\":\"DEBUG\"");
      JsonNode removed = MAPPER.readTree(admin(running, "DELETE", "/loggers/dev.faultline.serving.batch", "").body());
      assertThat(removed.path("level").isNull()).isTrue();
      assertThat(admin(running, "PUT", "/loggers/dev.faultline", "{\"level\":\"loud\"}").body()).contains("expected: one of OFF, ERROR");
      assertThat(admin(running, "PUT", "/loggers/no..name", "{\"level\":\"INFO\"}").statusCode()).isEqualTo(400);
      assertThat(admin(running, "DELETE", "/loggers/ROOT", "").statusCode()).isEqualTo(400);
    }
  }

  private JsonNode line(String payloads, double x, String... more) throws Exception {
    Map<String, String> settings = more.length == 0 ? Map.of("log.payloads", payloads) : Map.of("log.payloads", payloads, more[0], more[1]);
    try (var running = new RunningServer(folder.resolve(payloads.replace(',', '-') + (int) x), settings)) {
      var lines = listen();
      running.infer(x);
      return awaitLine(lines);
    }
  }

  private static JsonNode awaitLine(ListAppender<ILoggingEvent> lines) throws Exception {
    RunningServer.await("a request's line", () -> copy(lines).stream().anyMatch(each -> OutcomeLine.find(each).isPresent()));
    Optional<OutcomeLine> line = copy(lines).stream().flatMap(each -> OutcomeLine.find(each).stream()).findFirst();
    return MAPPER.readTree(line.orElseThrow().json(JSON));
  }

  private static List<ILoggingEvent> copy(ListAppender<ILoggingEvent> lines) {
    return new ArrayList<>(lines.list);
  }

  private static HttpResponse<String> admin(RunningServer running, String method, String path, String body) throws Exception {
    return running.send(HttpRequest.newBuilder(running.admin("/faultline/v1" + path)).timeout(Duration.ofSeconds(20)).method(method, BodyPublishers.ofString(body)).build());
  }

  /// Lines from now on, noted as the server's own log notes them.
  private static ListAppender<ILoggingEvent> listen() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    var lines = new ListAppender<ILoggingEvent>();
    lines.setContext(context);
    lines.list = new CopyOnWriteArrayList<>();
    lines.start();
    // who is first reads whose thread it is
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAndStopAllAppenders();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(CorrelatingAppender.before(lines, context, 1_000));
    context.getLogger(RequestLog.LOGGER).setLevel(Level.INFO);
    context.getLogger("dev.faultline.serving").setLevel(Level.INFO);
    return lines;
  }
}
