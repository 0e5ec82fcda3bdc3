package dev.faultline.server;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.Attribute;
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
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/// A real server on the real engine, with models that kill the process in which they run, asked over its ports.
final class ContainedServer implements AutoCloseable {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("code=([a-z_.]+)");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final Faultline server;
  final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  /// What the server answered, and the code of the fault if it was one.
  record Answer(int status, String code, JsonNode body) {}

  ContainedServer(Path folder, Map<String, String> settings) throws Exception {
    var all = new HashMap<>(Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "limits.queue_timeout", "60s", "limits.infer_timeout", "60s"));
    all.putAll(settings);
    this.server = Faultline.start(ServerConfig.with(folder, all));
    server.awaitReady();
  }

  Answer infer(String model, String... inputs) throws IOException, InterruptedException {
    String body = "{\"inputs\":[" + String.join(",", inputs) + "]}";
    URI uri = URI.create("http://127.0.0.1:" + server.ports().http() + "/v2/models/" + model + "/infer");
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(PATIENCE).header("Accept", "application/problem+json, application/json").POST(BodyPublishers.ofString(body)).build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    JsonNode answer = MAPPER.readTree(response.body());
    return new Answer(response.statusCode(), code(response), answer);
  }

  private static String code(HttpResponse<String> response) {
    var code = CODE.matcher(response.headers().firstValue("faultline-fault").orElse(""));
    return code.find() ? code.group(1) : response.statusCode() == 200 ? "served" : "status " + response.statusCode();
  }

  JsonNode admin(String method, String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().admin() + "/faultline/v1/" + path);
    HttpResponse<String> response = client.send(HttpRequest.newBuilder(uri).method(method, BodyPublishers.noBody()).timeout(PATIENCE).build(), BodyHandlers.ofString());
    return MAPPER.readTree(response.body());
  }

  String metrics() throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().admin() + "/metrics");
    return client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString()).body();
  }

  /// Where the first version of a model runs, as the admin API says it.
  JsonNode isolation(String model) throws IOException, InterruptedException {
    return admin("GET", "models?model=" + model).path("items").path(0).path("isolation");
  }

  long workerPid(String model) throws IOException, InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      JsonNode worker = isolation(model).path("worker");
      if (worker.path("state").asText().equals("RUNNING")) {
        return worker.path("pid").asLong();
      }
      Thread.sleep(10);
    }
    throw new AssertionError("the process of " + model + " is not up again");
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("never happened: " + what);
      }
      Thread.sleep(5);
    }
  }

  @Override
  public void close() {
    server.stop();
    client.close();
  }

  static String ints(String name, int... values) {
    return "{\"name\":\"%s\",\"shape\":[%d],\"datatype\":\"INT32\",\"data\":%s}".formatted(name, values.length, java.util.Arrays.toString(values));
  }

  static String floats(String name, String shape, String data) {
    return "{\"name\":\"%s\",\"shape\":%s,\"datatype\":\"FP32\",\"data\":%s}".formatted(name, shape, data);
  }

  static String flags(String name, boolean... values) {
    return "{\"name\":\"%s\",\"shape\":[%d],\"datatype\":\"BOOL\",\"data\":%s}".formatted(name, values.length, java.util.Arrays.toString(values));
  }

  /// `(a + b) op b`: that the dividend is computed is why no check before the run sees the smallest integer coming.
  static GraphBuilder division(String op) {
    return GraphBuilder.named("d")
        .input("a", INT32, "n")
        .input("b", INT32, "n")
        .node("more", "Add", List.of("a", "b"), List.of("s"))
        .node("share", op, List.of("s", "b"), List.of("y"))
        .output("y", INT32, "n");
  }

  /// A recurrent node whose rows are chosen inside the graph, so that none may be left.
  static GraphBuilder choosing(String op, int gates) {
    return GraphBuilder.named("r")
        .input("x", FLOAT, "time", "batch", 3)
        .input("keep", BOOL, "batch")
        .initializer("w", new float[gates * 2 * 3], 1, gates * 2L, 3)
        .initializer("r", new float[gates * 2 * 2], 1, gates * 2L, 2)
        .node("choose", "Compress", List.of("x", "keep"), List.of("rows"), Attribute.ofInt("axis", 1))
        .node("memory", op, List.of("rows", "w", "r"), List.of("y"), Attribute.ofInt("hidden_size", 2))
        .output("y");
  }

  /// One LSTM and nothing else.
  static GraphBuilder lstm() {
    return GraphBuilder.named("l")
        .input("x", FLOAT, "time", "batch", 3)
        .initializer("w", new float[24], 1, 8, 3)
        .initializer("r", new float[16], 1, 8, 2)
        .node("memory", "LSTM", List.of("x", "w", "r"), List.of("y"), Attribute.ofInt("hidden_size", 2))
        .output("y");
  }

  static GraphBuilder addition() {
    return GraphBuilder.named("p").input("a", INT32, "n").input("b", INT32, "n").node("sum", "Add", List.of("a", "b"), List.of("y")).output("y", INT32, "n");
  }

  /// As many zeros as it is told: any amount of memory.
  static GraphBuilder zeros() {
    return GraphBuilder.named("z").input("n", INT64, 1).node("zeros", "ConstantOfShape", List.of("n"), List.of("y")).output("y", FLOAT, "n");
  }

  /// One matrix product of `side` squared, which the engine does not interrupt.
  static GraphBuilder product() {
    return GraphBuilder.named("m")
        .input("side", INT64, 2)
        .node("square", "ConstantOfShape", List.of("side"), List.of("a"), Attribute.ofTensor("value", new float[] {0.5f}, 1))
        .node("product", "MatMul", List.of("a", "a"), List.of("p"))
        .node("mean", "ReduceMean", List.of("p"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", FLOAT);
  }

  static void write(Path folder, String model, GraphBuilder graph, String contract) throws IOException {
    Path version = Files.createDirectories(folder.resolve("models").resolve(model).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
    if (!contract.isEmpty()) {
      Files.writeString(version.resolve("contract.yaml"), contract);
    }
  }
}
