package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One repository of every layout, served by the real engine, changed while the server runs.
class RepositoriesWithTheEngineTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;
  private Path models;
  private Faultline server;
  private HttpClient client;

  @BeforeEach
  void start() throws Exception {
    models = folder.resolve("models");
    write("triton/1/net.onnx", times(2));
    write("triton/config.pbtxt", "default_model_filename: \"net.onnx\" max_batch_size: 8 output { name: \"y\" data_type: TYPE_FP32 dims: 2 label_filename: \"labels.txt\" }"
        + " model_warmup { name: \"zeros\" batch_size: 2 inputs { key: \"x\" value { data_type: TYPE_FP32 dims: 2 zero_data: true } } }");
    write("triton/labels.txt", "no\nyes\n");
    write("mlflow/model.onnx", times(3));
    write("mlflow/MLmodel", "flavors:\n  onnx: {data: model.onnx}\nsignature:\n  inputs: '[{\"name\":\"x\",\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float32\",\"shape\":[-1,2]}}]'\n");
    write("settings/net.onnx", times(4));
    write("settings/model-settings.json", "{\"name\": \"mlserver\", \"parameters\": {\"uri\": \"./net.onnx\", \"version\": \"v9\"}}");
    write("hub/onnx/model.onnx", times(5));
    write("hub/config.json", "{\"id2label\": {\"0\": \"NEGATIVE\", \"1\": \"POSITIVE\"}}");
    write("single.onnx", times(6));
    write("forest/1/model.onnx", classifier());
    write("golden/1/model.onnx", times(7));
    write("golden/warmup/seven.json", "{\"request\": {\"inputs\": [{\"name\": \"x\", \"shape\": [1, 2], \"data\": [1, 2]}]}, \"response\": {\"outputs\": [{\"name\": \"y\", \"shape\": [1, 2], \"data\": [7, 14]}]}}");
    write("escape/1/model.onnx", times(1));
    write("escape/config.pbtxt", "default_model_filename: \"../../single.onnx\"");
    ServerConfig config = ServerConfig.with(folder, Map.of("port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data"));
    server = Faultline.start(config, Furnishing.standard(config));
    server.awaitReady();
    client = HttpClient.newHttpClient();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  @Test
  void everyLayoutIsServedUnderItsNameAndSaysWhatItIs() throws Exception {
    for (Map.Entry<String, Integer> each : Map.of("triton", 2, "mlflow", 3, "mlserver", 4, "hub", 5, "single", 6, "golden", 7).entrySet()) {
      assertThat(answer(each.getKey())).as(each.getKey()).isEqualTo(List.of(1.0 * each.getValue(), 2.0 * each.getValue()));
    }
    JsonNode listed = MAPPER.readTree(get(server.ports().admin(), "/faultline/v1/models").body()).path("items");
    assertThat(listed).extracting(each -> each.path("name").asText() + " " + each.path("version").asText() + " " + each.path("layout").asText() + " " + each.path("state").asText())
        .containsExactly(
            "escape 1 Triton UNAVAILABLE", "forest 1 Triton READY", "golden 1 Triton READY", "hub 1 Hugging Face READY", "mlflow 1 MLflow READY", "mlserver v9 MLServer READY",
            "single 1 file READY", "triton 1 Triton READY");
    JsonNode index = MAPPER.readTree(post("/v2/repository/index", "{}").body());
    assertThat(index).filteredOn(each -> each.path("name").asText().equals("escape")).singleElement().satisfies(each ->
        assertThat(each.path("reason").asText()).contains("default_model_filename is '../../single.onnx' (expected: a name inside the version folder) (load.path_outside)"));
  }

  @Test
  void aBatchLargerThanTheConfigurationAllowsIsRefused() throws Exception {
    String row = "1,2";
    String nine = String.join(",", java.util.Collections.nCopies(9, row));
    HttpResponse<String> refused = post("/v2/models/triton/infer", "{\"inputs\":[{\"name\":\"x\",\"shape\":[9,2],\"datatype\":\"FP32\",\"data\":[" + nine + "]}]}");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("[9,2]").contains("at most 8 along the first axis");
    String eight = String.join(",", java.util.Collections.nCopies(8, row));
    assertThat(post("/v2/models/triton/infer", "{\"inputs\":[{\"name\":\"x\",\"shape\":[8,2],\"datatype\":\"FP32\",\"data\":[" + eight + "]}]}").statusCode()).isEqualTo(200);
  }

  @Test
  void theConfigurationSaysHowManyRowsARequestMayHave() throws Exception {
    JsonNode bounded = MAPPER.readTree(get(server.ports().http(), "/v2/models/triton/config").body());
    assertThat(bounded.path("max_batch_size").asInt()).isEqualTo(8);
    assertThat(bounded.path("input").path(0).path("dims")).extracting(JsonNode::asText).containsExactly("2");
    JsonNode free = MAPPER.readTree(get(server.ports().http(), "/v2/models/single/config").body());
    assertThat(free.path("max_batch_size").asInt(-1)).isZero();
    assertThat(free.path("input").path(0).path("dims")).extracting(JsonNode::asText).containsExactly("-1", "2");
  }

  @Test
  void classNamesComeFromLabelFileHubAndMaps() throws Exception {
    assertThat(classes("triton", "y")).isEqualTo(List.of("4.000000:1:yes", "2.000000:0:no"));
    assertThat(classes("hub", "y")).isEqualTo(List.of("10.000000:1:POSITIVE", "5.000000:0:NEGATIVE"));
    assertThat(classes("forest", "probabilities")).allSatisfy(text -> assertThat(text).matches("0\\.[0-9]+:[01]:(gull|owl)"));
    JsonNode forest = MAPPER.readTree(get(server.ports().http(), "/v2/models/forest").body());
    assertThat(forest.path("outputs").get(1).toString()).contains("\"name\":\"probabilities\"").contains("\"datatype\":\"FP32\"").contains("\"shape\":[-1,2]");
  }

  @Test
  void aNewVersionIsLoadedAndOneThatAnswersWronglyIsNot() throws Exception {
    write("golden/2/model.onnx", times(8));
    HttpResponse<String> refused = post("/v2/repository/models/golden/load", "{}");
    assertThat(refused.statusCode()).isEqualTo(500);
    assertThat(refused.body()).contains("output 'y' at [0, 0] is 8.0 (expected: 7.0").contains("load.golden_mismatch");
    assertThat(answer("golden")).isEqualTo(List.of(7.0, 14.0));
    write("golden/3/model.onnx", times(7));
    assertThat(admin("/faultline/v1/models/golden/versions/3/load").statusCode()).as("a version that was not there at the start").isEqualTo(200);
    assertThat(answer("golden/versions/3")).isEqualTo(List.of(7.0, 14.0));
    assertThat(admin("/faultline/v1/models/golden/versions/3/unload").statusCode()).isEqualTo(200);
    assertThat(answer("golden")).isEqualTo(List.of(7.0, 14.0));
  }

  @Test
  void aConfigurationThatComesWithTheLoadCountsUntilTheNextLoad() throws Exception {
    write("triton/other.txt", "cold\nwarm\n");
    String config = "{\"name\": \"triton\", \"default_model_filename\": \"net.onnx\", \"max_batch_size\": 8, \"dynamic_batching\": {}, \"unknown\": [1],"
        + " \"output\": [{\"name\": \"y\", \"data_type\": \"TYPE_FP32\", \"dims\": [\"2\"], \"label_filename\": \"other.txt\"}]}";
    assertThat(load("triton", Map.of("config", config)).statusCode()).isEqualTo(200);
    assertThat(classes("triton", "y")).isEqualTo(List.of("4.000000:1:warm", "2.000000:0:cold"));
    HttpResponse<String> outside = load("triton", Map.of("config", config.replace("net.onnx", "../../single.onnx")));
    assertThat(outside.statusCode()).isEqualTo(500);
    assertThat(outside.body()).contains("load.path_outside");
    assertThat(classes("triton", "y")).as("what answered before goes on").isEqualTo(List.of("4.000000:1:warm", "2.000000:0:cold"));
    assertThat(load("triton", Map.of("config", "{\"max_batch_size\": \"many\"}")).body()).contains("max_batch_size is \\\"many\\\" (expected: a whole number)");
    assertThat(load("nothing", Map.of("config", config)).statusCode()).isEqualTo(404);
    assertThat(load("triton", Map.of("speed", "3")).statusCode()).isEqualTo(501);
    assertThat(load("triton", Map.of()).statusCode()).isEqualTo(200);
    assertThat(classes("triton", "y")).isEqualTo(List.of("4.000000:1:yes", "2.000000:0:no"));
  }

  @Test
  void filesThatComeWithTheLoadAreServedAndCannotLeaveTheirFolder() throws Exception {
    String content = Base64.getEncoder().encodeToString(times(9));
    assertThat(load("given", Map.of("file:1/model.onnx", content)).body()).contains("came without 'config'");
    assertThat(load("given", Map.of("config", "{}", "file:1/model.onnx", content)).statusCode()).isEqualTo(200);
    assertThat(answer("given")).isEqualTo(List.of(9.0, 18.0));
    for (String name : List.of("file:../../1/model.onnx", "file:/tmp/model.onnx", "file:")) {
      HttpResponse<String> refused = load("given", Map.of("config", "{}", name, content));
      assertThat(refused.statusCode()).as(name).isEqualTo(400);
      assertThat(refused.body()).contains("leaves the model's folder");
    }
    assertThat(load("../given", Map.of("config", "{}", "file:1/model.onnx", content)).statusCode()).isEqualTo(400);
    assertThat(load("given", Map.of("config", "{}", "file:1/model.onnx", "?")).body()).contains("is no base64");
    assertThat(load("given", Map.of("config", "{}", "file:readme.txt", content)).body()).contains("holds no version of it");
    assertThat(answer("given")).isEqualTo(List.of(9.0, 18.0));
  }

  @Test
  void aNameInARequestNeverBecomesAPath() throws Exception {
    for (String name : List.of("..%2F..%2Fsecret", "%2Fetc%2Fpasswd", "..", "triton%2F1")) {
      assertThat(post("/v2/repository/models/" + name + "/load", "{}").statusCode()).as(name).isIn(400, 404);
    }
  }

  private List<Double> answer(String model) throws Exception {
    HttpResponse<String> answer = post("/v2/models/" + model + "/infer", "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode data = MAPPER.readTree(answer.body()).path("outputs").get(0).path("data");
    return List.of(data.get(0).asDouble(), data.get(1).asDouble());
  }

  private List<String> classes(String model, String output) throws Exception {
    HttpResponse<String> answer = post(
        "/v2/models/" + model + "/infer",
        "{\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":[1,2]}],\"outputs\":[{\"name\":\"" + output + "\",\"parameters\":{\"classification\":2}}]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return MAPPER.convertValue(MAPPER.readTree(answer.body()).path("outputs").get(0).path("data"), MAPPER.getTypeFactory().constructCollectionType(List.class, String.class));
  }

  private HttpResponse<String> load(String model, Map<String, String> parameters) throws Exception {
    var body = JsonNodeFactory.instance.objectNode();
    var given = body.putObject("parameters");
    parameters.forEach(given::put);
    return post("/v2/repository/models/" + model.replace("/", "%2F") + "/load", body.toString());
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).GET().build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().http() + path)).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> admin(String path) throws Exception {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().admin() + path)).POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = models.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, content);
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private static byte[] times(float factor) {
    return GraphBuilder.named("times")
        .input("x", ElementType.FLOAT, "batch", 2)
        .initializer("factor", new float[] {factor}, 1)
        .node("times", "Mul", List.of("x", "factor"), List.of("y"))
        .output("y", ElementType.FLOAT, "batch", 2)
        .bytes();
  }

  private static byte[] classifier() {
    return GraphBuilder.named("classifier")
        .input("x", ElementType.FLOAT, "batch", 2)
        .node("soft", "Softmax", List.of("x"), List.of("p"), Attribute.ofInt("axis", 1))
        .node("best", "ArgMax", List.of("p"), List.of("label"), Attribute.ofInt("axis", 1), Attribute.ofInt("keepdims", 0))
        .mlNode("zip", "ZipMap", List.of("p"), List.of("probabilities"), Attribute.ofStrings("classlabels_strings", List.of("gull", "owl")))
        .output("label", ElementType.INT64, "batch")
        .output("probabilities")
        .bytes();
  }
}
