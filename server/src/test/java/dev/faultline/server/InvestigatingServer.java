package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// A server with the real engine on models built in code, which is asked for verdicts.
final class InvestigatingServer implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern FAULT = Pattern.compile("id=(flt_\\w+)");
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Set<String> OVER = Set.of("DONE", "FAILED", "CANCELLED");

  final Path folder;
  private final Faultline server;
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  InvestigatingServer(Path folder, Map<String, String> settings) throws Exception {
    this.folder = folder;
    var all = new HashMap<>(Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "isolation.background", "false"));
    all.put("isolation.cpu_share", "1");
    all.putAll(settings);
    this.server = Faultline.start(ServerConfig.with(folder, all));
    server.awaitReady();
  }

  /// Writes a version of a model into a folder whose `models` a server will serve.
  static void model(Path folder, String name, String version, GraphBuilder graph, String contract) throws IOException {
    Path place = Files.createDirectories(folder.resolve("models").resolve(name).resolve(version));
    Files.write(place.resolve("model.onnx"), graph.bytes());
    if (!contract.isEmpty()) {
      Files.writeString(place.resolve("contract.yaml"), contract);
    }
  }

  static String input(String name, String type, String shape, String data) {
    return "{\"name\":\"" + name + "\",\"datatype\":\"" + type + "\",\"shape\":" + shape + ",\"data\":" + data + "}";
  }

  static String inputs(String... inputs) {
    return "{\"inputs\":[" + String.join(",", inputs) + "]}";
  }

  HttpResponse<String> infer(String model, String body, String... headers) throws Exception {
    return send("POST", "http://127.0.0.1:" + server.ports().http() + "/v2/models/" + model + "/infer", body, headers);
  }

  void served(String model, String body, String... headers) throws Exception {
    HttpResponse<String> answer = infer(model, body, headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }

  /// Sends what is to fail or to be suspicious, and gives the id of its fault.
  String fault(String model, String body, String... headers) throws Exception {
    HttpResponse<String> answer = infer(model, body, headers);
    var id = FAULT.matcher(answer.headers().firstValue("faultline-fault").or(() -> answer.headers().firstValue("faultline-suspicion")).orElse(""));
    assertThat(id.find()).as(answer.body()).isTrue();
    return id.group(1);
  }

  JsonNode verdict(String fault) throws Exception {
    return verdict("{\"fault\":\"" + fault + "\"}", 202);
  }

  /// Asks for an investigation and waits for its end.
  JsonNode verdict(String asked, int status) throws Exception {
    JsonNode ended = ended(started(asked, status));
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("DONE");
    return ended.path("verdict");
  }

  /// The verdict that a fault has without anybody asking, waited for.
  JsonNode kept(String fault) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode now = get("/faults/" + fault).path("verdict");
    while (!now.isObject()) {
      assertThat(System.nanoTime()).as("no verdict came by itself").isLessThan(end);
      Thread.sleep(50);
      now = get("/faults/" + fault).path("verdict");
    }
    return now;
  }

  JsonNode started(String asked, int status) throws Exception {
    HttpResponse<String> answer = admin("POST", "/investigations", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return MAPPER.readTree(answer.body());
  }

  JsonNode ended(JsonNode investigation) throws Exception {
    return over("/investigations/", investigation);
  }

  /// What is worked at in the background, once it is over.
  JsonNode over(String list, JsonNode started) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    JsonNode now = started;
    while (!OVER.contains(now.path("state").asText())) {
      assertThat(System.nanoTime()).as("never ended: %s", now).isLessThan(end);
      Thread.sleep(10);
      now = get(list + started.path("id").asText());
    }
    return now;
  }

  JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = admin("GET", path, "");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.readTree(answer.body());
  }

  HttpResponse<String> admin(String method, String path, String body) throws Exception {
    return send(method, "http://127.0.0.1:" + server.ports().admin() + "/faultline/v1" + path, body);
  }

  private HttpResponse<String> send(String method, String uri, String body, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE).method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  @Override
  public void close() {
    server.stop();
    client.close();
  }
}
