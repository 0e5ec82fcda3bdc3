package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Traces as Zipkin itself keeps and finds them: its server in a process of its own, asked over its API.
class ZipkinIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Pattern SERVING = Pattern.compile("Serving HTTP at \\S+ - http://127\\.0\\.0\\.1:(\\d+)/");
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String CALLER = "00f067aa0ba902b7";
  private static final String SERVED = "5bf92f3577b34da6a3ce929d0e0e4737";

  @TempDir private static Path folder;
  private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static Process zipkin;
  private static int port;
  private static RunningServer running;

  @BeforeAll
  static void trace() throws Exception {
    zipkin = startZipkin();
    port = port();
    Map<String, String> environment = Map.of(
        "OTEL_TRACES_EXPORTER", "zipkin", "OTEL_EXPORTER_ZIPKIN_ENDPOINT", "http://127.0.0.1:" + port + "/api/v2/spans", "OTEL_SERVICE_NAME", "shop-models", "OTEL_BSP_SCHEDULE_DELAY", "100");
    running = new RunningServer(folder, Map.of(), environment, _ -> {});
    running.server.awaitReady();
    assertThat(running.infer(1, "traceparent", "00-" + SERVED + "-" + CALLER + "-01").statusCode()).isEqualTo(200);
    assertThat(running.infer(13, "traceparent", "00-" + TRACE + "-" + CALLER + "-01").statusCode()).isEqualTo(500);
  }

  @AfterAll
  static void stop() throws Exception {
    if (running != null) {
      running.close();
    }
    zipkin.destroy();
    if (!zipkin.waitFor(30, TimeUnit.SECONDS)) {
      zipkin.destroyForcibly();
    }
  }

  @Test
  void aRequestIsASpanWithOneForEachStage() throws Exception {
    List<JsonNode> spans = spans(SERVED, 10);
    JsonNode server = named(spans, "post /v2/models/{model_name}/infer");
    assertThat(server.path("kind").asText()).isEqualTo("SERVER");
    assertThat(server.path("parentId").asText()).isEqualTo(CALLER);
    assertThat(server.path("localEndpoint").path("serviceName").asText()).isEqualTo("shop-models");
    assertThat(server.path("tags").path("http.request.method").asText()).isEqualTo("POST");
    assertThat(server.path("tags").path("http.response.status_code").asText()).isEqualTo("200");
    assertThat(server.path("tags").path("faultline.model.name").asText()).isEqualTo("m");
    assertThat(server.path("tags").path("faultline.model.version").asText()).isEqualTo("2");
    Set<String> stages = new HashSet<>();
    for (JsonNode span : spans) {
      if (!span.equals(server)) {
        assertThat(span.path("parentId").asText()).as(span.toString()).isEqualTo(server.path("id").asText());
        assertThat(span.path("timestamp").asLong()).as(span.toString()).isBetween(server.path("timestamp").asLong(), server.path("timestamp").asLong() + server.path("duration").asLong());
        stages.add(span.path("name").asText());
      }
    }
    assertThat(stages).containsExactlyInAnyOrder(
        Stream.of("decode", "route", "validate", "preprocess", "queue", "infer", "postprocess", "check", "encode").map(stage -> "faultline." + stage).toArray(String[]::new));
  }

  @Test
  void aFaultIsFoundByItsCodeAndTheFailedStageIsMarked() throws Exception {
    spans(TRACE, 7);
    String wanted = URLEncoder.encode("faultline.code=infer.failed", StandardCharsets.UTF_8);
    JsonNode found = get("/api/v2/traces?serviceName=shop-models&annotationQuery=" + wanted);

    assertThat(found).hasSize(1);
    List<JsonNode> spans = list(found.path(0));
    JsonNode server = named(spans, "post /v2/models/{model_name}/infer");
    assertThat(server.path("traceId").asText()).isEqualTo(TRACE);
    assertThat(server.path("tags").has("error")).as("how Zipkin marks a failed span").isTrue();
    assertThat(server.path("tags").path("faultline.stage").asText()).isEqualTo("INFER");
    assertThat(server.path("tags").path("faultline.blame").asText()).isEqualTo("MODEL");
    assertThat(server.path("tags").path("faultline.fault.id").asText()).startsWith("flt_");
    assertThat(named(spans, "faultline.infer").path("tags").path("error.type").asText()).isEqualTo("infer.failed");
    assertThat(named(spans, "faultline.validate").path("tags").has("error")).isFalse();
  }

  @Test
  void theServiceHasItsName() throws Exception {
    spans(SERVED, 10);
    assertThat(get("/api/v2/services").toString()).isEqualTo("[\"shop-models\"]");
  }

  /// Its jar is on the class path for the sake of its place only: all its classes lie deeper inside.
  private static Process startZipkin() throws IOException {
    String jar = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(each -> each.endsWith("-exec.jar") && each.contains("zipkin-server"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("found no zipkin-server-*-exec.jar in the class path (expected: the test dependency io.zipkin:zipkin-server:exec of module server)"));
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx200m",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            jar,
            "--armeria.ports[0].ip=127.0.0.1",
            "--armeria.ports[0].port=0",
            "--armeria.ports[0].protocols[0]=http")
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("zipkin.log").toFile())
        .start();
  }

  private static int port() throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    String said = "";
    while (System.nanoTime() < end && zipkin.isAlive()) {
      said = Files.readString(folder.resolve("zipkin.log"));
      var serving = SERVING.matcher(said);
      if (serving.find()) {
        return Integer.parseInt(serving.group(1));
      }
      Thread.sleep(50);
    }
    throw new AssertionError("Zipkin did not start; it said:\n" + said);
  }

  /// All spans of a trace, once there are as many.
  private static List<JsonNode> spans(String trace, int count) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<JsonNode> spans = list(get("/api/v2/trace/" + trace));
    while (spans.size() < count) {
      assertThat(System.nanoTime()).as("spans of %s so far: %s", trace, spans).isLessThan(end);
      Thread.sleep(50);
      spans = list(get("/api/v2/trace/" + trace));
    }
    assertThat(spans).hasSize(count);
    return spans;
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static JsonNode named(List<JsonNode> spans, String name) {
    return spans.stream().filter(span -> span.path("name").asText().equals(name)).findFirst().orElseThrow(() -> new AssertionError("no " + name + " in " + spans));
  }

  /// An empty list where Zipkin does not know the trace yet.
  private static JsonNode get(String path) throws IOException, InterruptedException {
    var answer = CLIENT.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(PATIENCE).build(), BodyHandlers.ofString());
    return answer.statusCode() == 404 ? OutsideProgram.MAPPER.createArrayNode() : OutsideProgram.MAPPER.readTree(answer.body());
  }
}
