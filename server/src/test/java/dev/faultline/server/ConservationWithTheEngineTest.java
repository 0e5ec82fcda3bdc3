package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The conservation law, with the real engine behind a real socket: whatever was sent is served or faulted, and the client, `/metrics`,
/// the log and the capture store count the same for each code.
class ConservationWithTheEngineTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern CODE = Pattern.compile("code=([a-z_.]+)");
  private static final Pattern FAULTS = Pattern.compile("faultline_faults_total\\{.*code=\"([a-z_.]+)\".*} ([0-9.]+)");
  private static final Pattern REQUESTS = Pattern.compile("faultline_requests_total\\{.*outcome=\"([a-z]+)\".*} ([0-9.]+)");
  private static final String SERVED = "served";
  private static final int ROUNDS = 12;
  private static final String A = "{\"name\":\"a\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[6,8]}";
  private static final String B = "{\"name\":\"b\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[2,4]}";

  /// One kind of request and the code it ends in.
  private record Kind(String code, String path, String body, String encoding) {
    Kind(String code, String path, String body) {
      this(code, path, body, "identity");
    }
  }

  private static final List<Kind> KINDS = List.of(
      new Kind(SERVED, "/v2/models/div/infer", inputs(A, B)),
      new Kind(SERVED, "/v2/models/div/versions/1/infer", inputs(A, B)),
      new Kind("decode.json", "/v2/models/div/infer", "{\"inputs\":["),
      new Kind("decode.json", "/v2/models/div/infer", ""),
      new Kind("decode.json", "/v2/models/div/infer", "{\"inputs\":[],\"inputs\":[]}"),
      new Kind("decode.data_type_unsupported", "/v2/models/div/infer", inputs(A.replace("INT64", "INT65"), B)),
      new Kind("decode.too_large", "/v2/models/div/infer", inputs(A.replace("[6,8]", "[6," + " ".repeat(70_000) + "8]"), B)),
      new Kind("decode.encoding_unsupported", "/v2/models/div/infer", inputs(A, B), "br"),
      new Kind("route.model_not_found", "/v2/models/dib/infer", inputs(A, B)),
      new Kind("route.version_not_found", "/v2/models/div/versions/7/infer", inputs(A, B)),
      new Kind("route.not_ready", "/v2/models/broken/infer", inputs(A)),
      new Kind("validate.missing_input", "/v2/models/div/infer", inputs(A)),
      new Kind("validate.unknown_input", "/v2/models/div/infer", inputs(A, B, B.replace("\"b\"", "\"c\""))),
      new Kind("validate.data_type", "/v2/models/div/infer", inputs(A, B.replace("INT64", "INT32"))),
      new Kind("validate.rank", "/v2/models/div/infer", inputs(A, B.replace("[2]", "[2,1]"))),
      new Kind("validate.dimension", "/v2/models/div/infer", inputs(A, B.replace("[2]", "[3]").replace("[2,4]", "[2,4,5]"))),
      new Kind("validate.size_mismatch", "/v2/models/div/infer", inputs(A, B.replace("[2,4]", "[2,4,6]"))),
      new Kind("validate.null", "/v2/models/div/infer", inputs(A, B.replace("[2,4]", "[2,null]"))),
      new Kind("validate.range", "/v2/models/div/infer", inputs(A.replace("[6,8]", "[6,5000]"), B)),
      new Kind("infer.node_failed", "/v2/models/div/infer", inputs(A, B.replace("[2,4]", "[2,0]"))),
      new Kind("check.nonfinite", "/v2/models/log/infer", inputs("{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[-1]}")),
      new Kind("decode.json", "/v1/models/div:predict", "{\"instance\":[]}"),
      new Kind("validate.range", "/v1/models/log:predict", "{\"instances\":[1e9]}"),
      new Kind("validate.data_type", "/v1/models/log:predict", "{\"instances\":[\"ten\"]}"));

  @Test
  void whateverWasSentIsServedOrFaultedAndEverybodyCountsTheSame(@TempDir Path folder) throws Exception {
    models(folder.resolve("models"));
    Path log = folder.resolve("log.jsonl");
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "server.payload_max_bytes", "65536",
        "log.file", log.toString(), "log.format", "json", "capture.sample_per_second", "0"));
    Map<String, Long> counted;
    Map<String, Long> metrics;
    Map<String, Long> outcomes;
    try (Faultline server = Faultline.start(config); HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      server.awaitReady();
      counted = send(client, server.ports().http());
      String exposition = get(client, server.ports().http(), "/metrics");
      promtoolAccepts(exposition);
      metrics = sums(FAULTS, exposition);
      outcomes = sums(REQUESTS, exposition);
    }
    long served = counted.getOrDefault(SERVED, 0L);
    counted.remove(SERVED);
    assertThat(metrics).as("by code, /metrics against the client").isEqualTo(counted);
    assertThat(outcomes).containsEntry("served", served).containsEntry("faulted", counted.values().stream().mapToLong(Long::longValue).sum());
    assertThat(logged(log)).as("by code, the log against the client").isEqualTo(counted);
    assertThat(captured(folder, counted)).as("by code, the captures against the client").isEqualTo(counted);
  }

  /// Sends every kind, all kinds at once, and counts what came back.
  private static Map<String, Long> send(HttpClient client, int port) throws Exception {
    var answers = new ArrayList<Future<String>>();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < ROUNDS; round++) {
        for (Kind kind : KINDS) {
          answers.add(callers.submit(() -> code(client, port, kind)));
        }
      }
    }
    var counted = new TreeMap<String, Long>();
    for (int i = 0; i < answers.size(); i++) {
      assertThat(answers.get(i).get()).as(KINDS.get(i % KINDS.size()).body()).isEqualTo(KINDS.get(i % KINDS.size()).code());
      counted.merge(answers.get(i).get(), 1L, Long::sum);
    }
    assertThat(counted).as("kinds of failure").hasSizeGreaterThan(12);
    return counted;
  }

  private static String code(HttpClient client, int port, Kind kind) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + kind.path())).POST(BodyPublishers.ofString(kind.body()));
    HttpResponse<String> answer = client.send((kind.encoding().equals("identity") ? request : request.header("Content-Encoding", kind.encoding())).build(), BodyHandlers.ofString());
    var code = CODE.matcher(answer.headers().firstValue("faultline-fault").orElse(""));
    return code.find() ? code.group(1) : answer.statusCode() == 200 ? SERVED : "status " + answer.statusCode();
  }

  private static Map<String, Long> sums(Pattern line, String exposition) {
    var sums = new TreeMap<String, Long>();
    line.matcher(exposition).results().forEach(match -> sums.merge(match.group(1), (long) Double.parseDouble(match.group(2)), Long::sum));
    return sums;
  }

  /// Every line is JSON; request lines are counted by code, and each fault of ours or the model's has its whole stack trace if it has one.
  private static Map<String, Long> logged(Path log) throws IOException {
    var counted = new TreeMap<String, Long>();
    for (String line : Files.readAllLines(log)) {
      JsonNode node = MAPPER.readTree(line);
      if (node.has("fault")) {
        counted.merge(node.path("fault").path("code").asText(), 1L, Long::sum);
        boolean thrown = node.path("fault").path("code").asText().equals("infer.node_failed");
        assertThat(node.path("stack_trace").asText().contains("OrtException")).isEqualTo(thrown);
      }
    }
    return counted;
  }

  /// Read by a second server on the same folder: what was kept outlives the first.
  private static Map<String, Long> captured(Path folder, Map<String, Long> codes) throws Exception {
    ServerConfig config = ServerConfig.with(folder, Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data"));
    var counted = new TreeMap<String, Long>();
    try (Faultline server = Faultline.start(config); HttpClient client = HttpClient.newHttpClient()) {
      server.awaitReady();
      for (String code : codes.keySet()) {
        JsonNode page = MAPPER.readTree(get(client, server.ports().admin(), "/faultline/v1/captures?limit=200&code=" + code));
        counted.put(code, (long) page.path("items").size());
        assertThat(page.path("next").isNull()).as("one page of %s", code).isTrue();
      }
    }
    return counted;
  }

  private static String get(HttpClient client, int port, String path) throws IOException, InterruptedException {
    HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return answer.body();
  }

  /// `promtool` comes with Prometheus; `./check` gets it.
  private static void promtoolAccepts(String exposition) throws IOException, InterruptedException {
    Process promtool = new ProcessBuilder(OutsideProgram.find("promtool").toString(), "check", "metrics").redirectErrorStream(true).start();
    try (var in = promtool.getOutputStream()) {
      in.write(exposition.getBytes(StandardCharsets.UTF_8));
    }
    String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(said).isZero();
    assertThat(said).isEmpty();
  }

  private static String inputs(String... inputs) {
    return "{\"inputs\":[" + String.join(",", inputs) + "]}";
  }

  private static void models(Path repository) throws IOException {
    GraphBuilder div = GraphBuilder.named("div")
        .input("a", ElementType.INT64, "n")
        .input("b", ElementType.INT64, "n")
        .node("ratio", "Div", List.of("a", "b"), List.of("q"))
        .output("q", ElementType.INT64, "n");
    write(repository, "div", div, "inputs: {a: {range: [0, 1000]}}\n");
    GraphBuilder log = GraphBuilder.named("log")
        .input("x", ElementType.FLOAT, "n")
        .node("log_x", "Log", List.of("x"), List.of("y"))
        .node("total", "ReduceSum", List.of("y"), List.of("s"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT, "n")
        .output("s", ElementType.FLOAT);
    write(repository, "log", log, "inputs: {x: {range: [-10, 1000]}}\noutputs: {y: {finite: true, mode: enforce}}\n");
    Files.createDirectories(repository.resolve("broken/1"));
    Files.writeString(repository.resolve("broken/1/model.onnx"), "<html>");
  }

  private static void write(Path repository, String name, GraphBuilder graph, String contract) throws IOException {
    Path folder = Files.createDirectories(repository.resolve(name).resolve("1"));
    Files.write(folder.resolve("model.onnx"), graph.bytes());
    Files.writeString(folder.resolve("contract.yaml"), contract);
  }
}
