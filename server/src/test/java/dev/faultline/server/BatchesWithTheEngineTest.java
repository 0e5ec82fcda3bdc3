package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Dynamic batches with the real engine behind a real socket: only guilty requests fail, and innocents get, bit for bit, what the same
/// model answers them alone.
@Timeout(120)
class BatchesWithTheEngineTest {
  private static final double ROUNDING = 1e-6;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int CLIENTS = 32;
  private static final int TABLE_ROWS = 64;

  @TempDir static Path folder;
  private static Faultline server;
  private static HttpClient client;

  @BeforeAll
  static void start() throws Exception {
    String batching = "batching: {max_size: 32, max_delay: 20s}\n";
    for (String name : List.of("table", "table_of_four")) {
      model(name, table(), batching);
    }
    model("table_alone", table(), "checks: enforce\n");
    model("log", log(), batching + "outputs: {y: {finite: true, mode: enforce}}\n");
    model("log_alone", log(), "outputs: {y: {finite: true, mode: enforce}}\n");
    model("wide", GraphBuilder.named("wide").input("x", ElementType.FLOAT, "n", "width").node("twice", "Add", List.of("x", "x"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", "width"), "batching: {max_size: 16, max_delay: 20s}\n");
    model("greatest", GraphBuilder.named("greatest").input("x", ElementType.FLOAT, "n", 2)
        .node("most", "ReduceMax", List.of("x"), List.of("m"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .node("less", "Sub", List.of("x", "m"), List.of("y")).output("y", ElementType.FLOAT, "n", 2), batching);
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "limits.instances", "1", "limits.queue_timeout", "30s"));
    server = Faultline.start(config);
    server.awaitReady();
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.stop();
  }

  private static GraphBuilder table() {
    var values = new float[TABLE_ROWS * 8];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(i);
    }
    var weights = new float[8 * 3];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) Math.cos(i);
    }
    return GraphBuilder.named("table").input("ids", ElementType.INT64, "n")
        .initializer("rows", values, TABLE_ROWS, 8).initializer("w", weights, 8, 3)
        .node("lookup", "Gather", List.of("rows", "ids"), List.of("e"))
        .node("dense", "MatMul", List.of("e", "w"), List.of("h"))
        .node("share", "Softmax", List.of("h"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 3);
  }

  private static GraphBuilder log() {
    return GraphBuilder.named("log").input("x", ElementType.FLOAT, "n", 2).node("log_x", "Log", List.of("x"), List.of("y")).output("y", ElementType.FLOAT, "n", 2);
  }

  @Test
  void oneBadIndexFailsOneRequestOfThirtyTwo() throws Exception {
    List<HttpResponse<String>> answers = all("table", i -> ids(i == 11 ? 9_999 : i));
    innocentsAnswerAsAlone(answers, "table_alone", i -> ids(i), List.of(11));
    HttpResponse<String> guilty = answers.get(11);
    assertThat(guilty.statusCode()).isEqualTo(400);
    assertThat(guilty.headers().firstValue("faultline-fault").orElse("")).contains("code=infer.node_failed").contains("blame=CALLER").contains("field=\"inputs/ids[0]\"");
    assertThat(batching("table").path("innocents_saved").asInt()).isEqualTo(CLIENTS - 1);
    assertThat(batching("table").path("extra_calls").asInt()).isLessThanOrEqualTo(12);
  }

  @Test
  void fourBadIndexesFailFourRequests() throws Exception {
    List<Integer> bad = List.of(0, 5, 6, 31);
    List<HttpResponse<String>> answers = all("table_of_four", i -> ids(bad.contains(i) ? 5_000 + i : i));
    innocentsAnswerAsAlone(answers, "table_alone", i -> ids(i), bad);
    bad.forEach(i -> assertThat(answers.get(i).statusCode()).isEqualTo(400));
    assertThat(batching("table_of_four").path("extra_calls").asInt()).isLessThanOrEqualTo(12);
  }

  @Test
  void aRowThatBecomesNanFailsOnlyItsOwner() throws Exception {
    List<HttpResponse<String>> answers = all("log", i -> pair(i == 20 ? -1 : i + 1));
    innocentsAnswerAsAlone(answers, "log_alone", i -> pair(i + 1), List.of(20));
    assertThat(answers.get(20).headers().firstValue("faultline-fault").orElse("")).contains("code=check.nonfinite");
    assertThat(batching("log").path("extra_calls").asInt()).as("rows are checked one by one, nothing runs again").isZero();
  }

  @Test
  void rowsOfDifferentShapeNeverShareABatch() throws Exception {
    List<HttpResponse<String>> answers = all("wide", i -> i % 2 == 0 ? tensor("x", "FP32", "[1,2]", i + "," + i) : tensor("x", "FP32", "[1,3]", i + "," + i + "," + i));
    for (int i = 0; i < CLIENTS; i++) {
      JsonNode y = MAPPER.readTree(answers.get(i).body()).path("outputs").path(0);
      assertThat(y.path("shape").toString()).isEqualTo(i % 2 == 0 ? "[1,2]" : "[1,3]");
      assertThat(y.path("data").path(0).asInt()).isEqualTo(2 * i);
    }
    assertThat(batching("wide").path("batches").asInt()).isEqualTo(2);
  }

  @Test
  void aModelWhoseRowsInteractServesOneByOneAndSaysWhy() throws Exception {
    JsonNode batching = batching("greatest");
    assertThat(batching.path("state").asText()).isEqualTo("refused");
    assertThat(batching.path("reason").asText()).contains("rows interact");
    for (HttpResponse<String> answer : all("greatest", i -> pair(i))) {
      assertThat(MAPPER.readTree(answer.body()).path("outputs").path(0).path("data").path(0).asDouble()).isZero();
    }
  }

  private interface Body {
    String of(int index);
  }

  private static List<HttpResponse<String>> all(String model, Body body) throws Exception {
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var asked = IntStream.range(0, CLIENTS).mapToObj(i -> callers.submit(() -> ask(model, body.of(i)))).toList();
      var answers = new ArrayList<HttpResponse<String>>();
      for (Future<HttpResponse<String>> each : asked) {
        answers.add(each.get());
      }
      return answers;
    }
  }

  /// To the last but one digit: the engine takes several values of a batch at once, and its Log then rounds otherwise.
  private static void innocentsAnswerAsAlone(List<HttpResponse<String>> answers, String alone, Body body, List<Integer> guilty) throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      if (!guilty.contains(i)) {
        assertThat(answers.get(i).statusCode()).as(answers.get(i).body()).isEqualTo(200);
        assertSame(output(answers.get(i)), output(ask(alone, body.of(i))));
      }
    }
  }

  private static void assertSame(JsonNode together, JsonNode alone) {
    assertThat(together.path("shape")).isEqualTo(alone.path("shape"));
    assertThat(together.path("data").size()).isEqualTo(alone.path("data").size()).isPositive();
    for (int i = 0; i < alone.path("data").size(); i++) {
      double value = alone.path("data").path(i).asDouble();
      assertThat(together.path("data").path(i).asDouble()).isCloseTo(value, within(ROUNDING * Math.max(1, Math.abs(value))));
    }
  }

  private static JsonNode output(HttpResponse<String> answer) throws IOException {
    return MAPPER.readTree(answer.body()).path("outputs").path(0);
  }

  private static String ids(int id) {
    return tensor("ids", "INT64", "[1]", Integer.toString(id));
  }

  private static String pair(int value) {
    return tensor("x", "FP32", "[1,2]", value + "," + value);
  }

  private static String tensor(String name, String type, String shape, String data) {
    return "{\"inputs\":[{\"name\":\"" + name + "\",\"shape\":" + shape + ",\"datatype\":\"" + type + "\",\"data\":[" + data + "]}]}";
  }

  private static HttpResponse<String> ask(String model, String body) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().http() + "/v2/models/" + model + "/infer");
    return client.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static JsonNode batching(String model) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().admin() + "/faultline/v1/models?model=" + model);
    return MAPPER.readTree(client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body()).path("items").path(0).path("batching");
  }

  private static void model(String name, GraphBuilder graph, String contract) throws IOException {
    Path version = Files.createDirectories(folder.resolve("models").resolve(name).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
    Files.writeString(version.resolve("contract.yaml"), contract);
  }
}
