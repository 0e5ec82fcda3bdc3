package dev.faultline.server;

import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.Site.Sent;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Triton's metrics as its dashboards find them.
class TritonMetricsTest {
  private static final Map<String, String> COMPATIBLE = Map.of("metrics-compat", "triton");

  @TempDir Path folder;

  @Test
  void countsAndTimesAreThoseOfTritonsStatistics() throws Exception {
    InvestigatingServer.model(folder, "rows", "1", table(), "inputs: {x: {range: [0, 9]}}\n");
    try (Site site = Site.real(folder, COMPATIBLE)) {
      assertThat(site.send(rows("[3,2]", "[1,2,3,4,5,6]")).statusCode()).isEqualTo(200);
      assertThat(site.send(rows("[1,2]", "[1,2]")).statusCode()).isEqualTo(200);
      assertThat(site.send(rows("[1,2]", "[1,-2]")).statusCode()).as("beyond the contract").isEqualTo(400);
      assertThat(site.send(rows("[1,2]", "[1,7]")).statusCode()).as("beyond the table").isEqualTo(500);
      String metrics = site.metrics();

      assertThat(value(metrics, "nv_inference_request_success{model=\"rows\",version=\"1\"}")).isEqualTo(2);
      assertThat(value(metrics, failures("OTHER"))).isEqualTo(1);
      assertThat(value(metrics, failures("BACKEND"))).isEqualTo(1);
      assertThat(value(metrics, failures("REJECTED"))).isZero();
      assertThat(value(metrics, failures("CANCELED"))).isZero();
      assertThat(value(metrics, "nv_inference_count{model=\"rows\",version=\"1\"}")).isEqualTo(4);
      assertThat(value(metrics, "nv_inference_exec_count{model=\"rows\",version=\"1\"}")).isEqualTo(2);
      assertThat(value(metrics, "nv_inference_pending_request_count{model=\"rows\",version=\"1\"}")).isZero();
      assertThat(value(metrics, "nv_inference_first_response_histogram_ms_count{model=\"rows\",version=\"1\"}")).isEqualTo(2);
      assertThat(value(metrics, "nv_inference_first_response_histogram_ms_bucket{model=\"rows\",version=\"1\",le=\"+Inf\"}")).isEqualTo(2);
      assertThat(value(metrics, "nv_cpu_memory_total_bytes")).isGreaterThan(value(metrics, "nv_cpu_memory_used_bytes")).isPositive();
      assertThat(value(metrics, "nv_cpu_utilization")).isBetween(0.0, 1.0);
      JsonNode statistics = statistics(site);
      assertMicros(metrics, "request", statistics.path("success"));
      assertMicros(metrics, "queue", statistics.path("queue"));
      assertMicros(metrics, "compute_input", statistics.path("compute_input"));
      assertMicros(metrics, "compute_infer", statistics.path("compute_infer"));
      assertMicros(metrics, "compute_output", statistics.path("compute_output"));
    }
  }

  @Test
  void theCountersAreUntypedAndPromtoolObjectsToTheirNamesOnly() throws Exception {
    try (Site site = Site.fake(folder, "m", COMPATIBLE, new FakeEngine())) {
      assertThat(site.send(Sent.to("m", RunningServer.body(1))).statusCode()).isEqualTo(200);
      String metrics = site.metrics();
      assertThat(metrics).contains("# TYPE nv_inference_request_success untyped\n", "# TYPE nv_inference_request_duration_us untyped\n", "# TYPE nv_inference_pending_request_count gauge\n");
      assertThat(metrics).doesNotContain("nv_inference_request_success_total");

      Process promtool = new ProcessBuilder(OutsideProgram.find("promtool").toString(), "check", "metrics").redirectErrorStream(true).start();
      try (var in = promtool.getOutputStream()) {
        in.write(metrics.getBytes(StandardCharsets.UTF_8));
      }
      List<String> objections = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
      promtool.waitFor();
      assertThat(objections).allMatch(line -> line.startsWith("nv_inference_") && (line.contains("abbreviated units") || line.contains("non-histogram and non-summary") || line.contains("should not include type")));
    }
  }

  @Test
  void aRequestThatFindsTheQueueFullIsRejected() throws Exception {
    var engine = new FakeEngine();
    try (Site site = Site.fake(folder, "m", Map.of("metrics-compat", "triton", "limits.instances", "1", "limits.queue_capacity", "0"), engine)) {
      Thread held = Thread.ofVirtual().start(() -> {
        try {
          site.send(Sent.to("m", RunningServer.body(60)));
        } catch (IOException | InterruptedException e) {
          throw new AssertionError(e);
        }
      });
      RunningServer.await("the lane is taken", () -> engine.waiting.get() == 1);
      assertThat(site.send(Sent.to("m", RunningServer.body(1))).statusCode()).isEqualTo(429);
      assertThat(value(site.metrics(), "nv_inference_request_failure{model=\"m\",reason=\"REJECTED\",version=\"1\"}")).isEqualTo(1);
      engine.release.countDown();
      held.join();
    }
  }

  @Test
  void aBatchIsOneExecution() throws Exception {
    var twice = GraphBuilder.named("twice").input("x", FLOAT, "n", 2).node("/twice", "Add", List.of("x", "x"), List.of("y")).output("y", FLOAT, "n", 2);
    InvestigatingServer.model(folder, "rows", "1", twice, "batching: {max_size: 4, max_delay: 20s}\n");
    try (Site site = Site.real(folder, COMPATIBLE)) {
      var callers = new ArrayList<Thread>();
      for (int i = 0; i < 4; i++) {
        callers.add(Thread.ofVirtual().start(() -> {
          try {
            site.send(rows("[1,2]", "[1,2]"));
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        }));
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(site.statuses).containsExactly(200);
      String metrics = site.metrics();
      assertThat(value(metrics, "nv_inference_count{model=\"rows\",version=\"1\"}")).isEqualTo(4);
      assertThat(value(metrics, "nv_inference_exec_count{model=\"rows\",version=\"1\"}")).isEqualTo(1);
    }
  }

  @Test
  void withoutTheFlagThereAreNone() throws Exception {
    try (Site site = Site.fake(folder, "m", Map.of(), new FakeEngine())) {
      assertThat(site.metrics()).contains("faultline_build_info").doesNotContain("nv_");
    }
  }

  /// Each number is looked up in a table of seven, at a place that the graph computes.
  private static GraphBuilder table() {
    return GraphBuilder.named("rows")
        .input("x", FLOAT, "n", 2)
        .initializer("table", new float[] {1, 2, 3, 4, 5, 6, 7}, 7)
        .initializer("none", new float[] {0}, 1)
        .node("/move", "Add", List.of("x", "none"), List.of("moved"))
        .node("/place", "Cast", List.of("moved"), List.of("place"), Attribute.ofInt("to", 7))
        .node("/look", "Gather", List.of("table", "place"), List.of("y"))
        .output("y", FLOAT, "n", 2);
  }

  private static Sent rows(String shape, String data) {
    return Sent.to("rows", InvestigatingServer.inputs(InvestigatingServer.input("x", "FP32", shape, data)));
  }

  private static String failures(String reason) {
    return "nv_inference_request_failure{model=\"rows\",reason=\"" + reason + "\",version=\"1\"}";
  }

  private static void assertMicros(String metrics, String part, JsonNode duration) {
    double micros = value(metrics, "nv_inference_" + part + "_duration_us{model=\"rows\",version=\"1\"}");
    assertThat(micros).as(part).isCloseTo(duration.path("ns").asDouble() / 1e3, within(1e-3)).isPositive();
  }

  private static JsonNode statistics(Site site) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create("http://" + site.address() + "/v2/models/rows/stats")).build();
      return OutsideProgram.MAPPER.readTree(client.send(request, BodyHandlers.ofString()).body()).path("model_stats").path(0).path("inference_stats");
    }
  }

  private static double value(String metrics, String series) {
    return metrics.lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + series + " in\n" + metrics.lines().filter(line -> line.startsWith("nv_")).toList()));
  }
}
