package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.MethodName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What the clocks do to real runs: the engine stops between two nodes, never inside one, and the caller is answered in time either way.
@Timeout(120)
@TestMethodOrder(MethodName.class)
class TimeoutsWithTheEngineTest {
  private static final Pattern CODE = Pattern.compile("code=([a-z_.]+)");
  private static final Pattern ID = Pattern.compile("id=(flt_\\w+)");

  /// Far above what an answer at a deadline of 100 ms takes, far below what the runs would.
  private static final long SOON_MILLIS = 5_000;

  @TempDir static Path folder;
  private static Faultline server;
  private static HttpClient client;

  private record Answer(String code, String id, long millis) {}

  @BeforeAll
  static void start() throws Exception {
    GraphBuilder body = GraphBuilder.named("body")
        .input("round", ElementType.INT64)
        .input("go", ElementType.BOOL)
        .input("value", ElementType.FLOAT, "n")
        .node("still", "Identity", List.of("go"), List.of("go_on"))
        .node("count", "Add", List.of("value", "one"), List.of("more"))
        .output("go_on", ElementType.BOOL)
        .output("more", ElementType.FLOAT, "n");
    model("endless", GraphBuilder.named("endless")
        .input("x", ElementType.FLOAT, "n")
        .initializer("rounds", new long[] {Long.MAX_VALUE})
        .initializer("yes", new boolean[] {true})
        .initializer("one", new float[] {1})
        .node("runaway", "Loop", List.of("rounds", "yes", "x"), List.of("y"), Attribute.ofBody("body", body))
        .output("y", ElementType.FLOAT, "n"));
    model("chain", chain());
    model("giant", giant());
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "limits.instances", "1",
        "limits.infer_timeout", "20s", "limits.stop_grace", "500ms", "log.file", folder.resolve("log.jsonl").toString(), "log.format", "json"));
    server = Faultline.start(config);
    server.awaitReady();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop();
  }

  /// 2,000 products of 256 x 256 matrices in a row: seconds.
  private static GraphBuilder chain() {
    var values = new float[256 * 256];
    java.util.Arrays.fill(values, 1e-3f);
    GraphBuilder graph = GraphBuilder.named("chain").input("x", ElementType.FLOAT, "n").initializer("w", values, 256, 256)
        .initializer("size", new long[] {256, 256}, 2).node("spread", "Expand", List.of("x", "size"), List.of("h0"));
    for (int i = 0; i < 2_000; i++) {
      graph.node("product_" + i, "MatMul", List.of("h" + i, "w"), List.of("h" + (i + 1)));
    }
    return graph.node("total", "ReduceSum", List.of("h2000"), List.of("y"), Attribute.ofInt("keepdims", 0)).output("y", ElementType.FLOAT);
  }

  /// One product of two matrices whose size the caller chooses.
  private static GraphBuilder giant() {
    return GraphBuilder.named("giant")
        .input("size", ElementType.INT64, 2)
        .node("fill", "ConstantOfShape", List.of("size"), List.of("a"))
        .node("product", "MatMul", List.of("a", "a"), List.of("p"))
        .node("total", "ReduceSum", List.of("p"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
  }

  @Test
  void aLoopThatNeverEndsIsStoppedAtTheCallersDeadlineAndTheLaneIsFree() throws Exception {
    for (int i = 0; i < 3; i++) {
      Answer answer = ask("endless", x(), "X-Request-Timeout-Ms", "100");
      assertThat(answer.code()).isEqualTo("infer.deadline");
      assertThat(answer.millis()).isBetween(100L, SOON_MILLIS);
    }
    RunningServer.await("the lane is free", () -> metric("faultline_inflight_requests", "endless") == 0);
    assertThat(metric("faultline_lane_losses_total", "endless")).as("the engine let go between two nodes").isZero();
  }

  @Test
  void aGraphOfManyNodesIsStoppedAtTheCallersDeadline() throws Exception {
    Answer answer = ask("chain", x(), "x-envoy-expected-rq-timeout-ms", "50");
    assertThat(answer.code()).isEqualTo("infer.deadline");
    assertThat(answer.millis()).isLessThan(SOON_MILLIS);
    RunningServer.await("the lane is free", () -> metric("faultline_inflight_requests", "chain") == 0);
  }

  @Test
  void theLeastOfAllBudgetsCounts() throws Exception {
    Answer answer = ask("endless", x().replace("{\"inputs\"", "{\"parameters\":{\"timeout\":60000},\"inputs\""), "X-Request-Timeout-Ms", "15000");
    assertThat(answer.code()).isEqualTo("infer.deadline");
    assertThat(answer.millis()).isLessThan(SOON_MILLIS);
  }

  @Test
  void oneGiantNodeIsAnsweredInTimeAndItsLaneReplacedAndToldUnderTheFaultsId() throws Exception {
    assertThat(ask("giant", size(8)).code()).isEqualTo("served");
    Answer answer = ask("giant", size(4_500), "X-Request-Timeout-Ms", "100");
    assertThat(answer.code()).isEqualTo("infer.deadline");
    assertThat(answer.millis()).isLessThan(SOON_MILLIS);
    RunningServer.await("the lane is lost", () -> metric("faultline_lane_losses_total", "giant") == 1);
    CompletableFuture<Double> most = CompletableFuture.supplyAsync(() -> metric("faultline_inflight_requests", "giant"));
    assertThat(ask("giant", size(8)).code()).as("another lane has taken its place").isEqualTo("served");
    assertThat(most.get(10, TimeUnit.SECONDS)).isLessThanOrEqualTo(1);
    awaitLong(() -> metric("faultline_lost_lanes", "giant") == 0);
    awaitLong(() -> log().lines().anyMatch(line -> line.contains("came back") && line.contains(answer.id())));
    assertThat(ask("giant", size(8)).code()).isEqualTo("served");
  }

  @Test
  void theFourClocksAreCountedApart() throws Exception {
    ask("endless", x(), "X-Request-Timeout-Ms", "50");
    try (var leaves = new RawCaller(server.ports().http())) {
      leaves.write(RawCaller.post("/v2/models/endless/infer", x()));
      RunningServer.await("it runs", () -> metric("faultline_inflight_requests", "endless") == 1);
    }
    RunningServer.await("it is counted", () -> timeouts("caller_left") >= 1);
    assertThat(timeouts("caller_deadline")).isPositive();
    assertThat(log()).contains("\"timeout\":\"caller_left\"").contains("\"timeout\":\"caller_deadline\"");
  }

  private static String x() {
    return "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[0]}]}";
  }

  private static String size(int n) {
    return "{\"inputs\":[{\"name\":\"size\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[" + n + "," + n + "]}]}";
  }

  private static Answer ask(String model, String body, String... headers) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().http() + "/v2/models/" + model + "/infer");
    long start = System.nanoTime();
    HttpResponse<String> answer = client.send(RunningServer.builder(uri, headers).timeout(java.time.Duration.ofSeconds(60)).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
    String fault = answer.headers().firstValue("faultline-fault").orElse("");
    return new Answer(answer.statusCode() == 200 ? "served" : first(CODE, fault), first(ID, fault), (System.nanoTime() - start) / 1_000_000);
  }

  private static String first(Pattern pattern, String text) {
    Matcher found = pattern.matcher(text);
    return found.find() ? found.group(1) : "";
  }

  private static double metric(String name, String model) {
    return value(line -> line.startsWith(name + "{") && line.contains("model=\"" + model + "\""));
  }

  private static double timeouts(String kind) {
    return value(line -> line.startsWith("faultline_timeouts_total{") && line.contains("kind=\"" + kind + "\""));
  }

  private static double value(java.util.function.Predicate<String> wanted) {
    try {
      HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().http() + "/metrics")).build();
      return client.send(request, BodyHandlers.ofString()).body().lines().filter(wanted).mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String log() {
    try {
      return Files.readString(folder.resolve("log.jsonl"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitLong(java.util.function.BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("it happened in time").isLessThan(end);
      Thread.sleep(20);
    }
  }

  private static void model(String name, GraphBuilder graph) throws IOException {
    Path version = Files.createDirectories(folder.resolve("models").resolve(name).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
  }
}
