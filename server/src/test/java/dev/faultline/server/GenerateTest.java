package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.server.config.ServerConfig;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Triton's generate extension with a model that writes a text in echo, in ONNX Runtime.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GenerateTest {
  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Faultline server;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    write(folder, "echo", GraphBuilder.named("echo")
        .input("prompt", ElementType.STRING, "n")
        .node("same", "Identity", List.of("prompt"), List.of("said"))
        .output("said", ElementType.STRING, "n"));
    write(folder, "twice", GraphBuilder.named("twice")
        .input("prompt", ElementType.STRING, 1, "n")
        .node("joined", "Concat", List.of("prompt", "prompt"), List.of("said"), Attribute.ofInt("axis", 1))
        .output("said", ElementType.STRING, 1, "m"));
    write(folder, "numbers", GraphBuilder.named("numbers")
        .input("x", ElementType.FLOAT, "n")
        .node("same", "Identity", List.of("x"), List.of("y"))
        .output("y", ElementType.FLOAT, "n"));
    ServerConfig config = ServerConfig.with(folder, Map.of(
        "port", "0", "grpc-port", "0", "admin-port", "0", "models.dirs", "models", "data", "data", "redaction.fields", "prompt"));
    server = Faultline.start(config);
    server.awaitReady();
  }

  @AfterAll
  void stop() {
    client.close();
    server.stop();
  }

  @ParameterizedTest
  @CsvSource({"text_input, ''", "prompt, ''", "text_input, /versions/1"})
  void oneTextGoesInAndOneComesOut(String member, String version) throws Exception {
    HttpResponse<String> answer = post("echo" + version + "/generate", "{\"id\":\"7\",\"" + member + "\":\"grüße \\n!\",\"parameters\":{\"stream\":false,\"max_tokens\":5},\"other\":[]}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("server-timing").orElse("")).contains("infer;dur=");
    assertThat(answer.body()).isEqualTo("{\"id\":\"7\",\"model_name\":\"echo\",\"model_version\":\"1\",\"text_output\":\"grüße \\n!\"}");
  }

  @Test
  void asAStreamItIsOneEvent() throws Exception {
    HttpResponse<String> answer = post("echo/generate_stream", "{\"text_input\":\"a\"}");
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).hasValue("text/event-stream");
    assertThat(answer.body()).isEqualTo("data: {\"model_name\":\"echo\",\"model_version\":\"1\",\"text_output\":\"a\"}\n\n");
  }

  @Test
  void severalTextsComeOutAsAnArray() throws Exception {
    assertThat(post("twice/generate", "{\"text_input\":\"a\"}").body()).contains("\"text_output\":[\"a\",\"a\"]");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      echo/generate        | {"text":"a"}                                  | 400 | decode.json           | no 'text_input'
      echo/generate        | {"text_input":["a"]}                          | 400 | decode.json           | expected: a string
      echo/generate_stream | {"text_input":                                | 400 | decode.json           | cut off
      echo/generate        | {"text_input":"a","parameters":{"a":[]}}      | 400 | decode.json           | parameter 'a' is an array
      nobody/generate          | {"text_input":"a"}                            | 404 | route.model_not_found | there is no model 'nobody'
      """)
  void whatIsWrongIsAFaultLikeAnyOther(String path, String body, int status, String code, String sentence) throws Exception {
    HttpResponse<String> answer = post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("faultline-fault").orElse("")).contains("code=" + code);
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.body()).contains(sentence);
  }

  @Test
  void aModelWithoutTextIsNotImplemented() throws Exception {
    for (String path : List.of("numbers/generate", "numbers/versions/1/generate_stream")) {
      HttpResponse<String> answer = post(path, "{\"text_input\":\"a\"}");
      assertThat(answer.statusCode()).isEqualTo(501);
      assertThat(answer.body()).contains("use infer");
    }
  }

  @Test
  void whatIsRedactedIsNotKeptByThisWayEither() throws Exception {
    String said = "a secret that nobody else says";
    HttpResponse<String> answer = post("echo/generate", "{\"text_input\":\"" + said + "\",\"parameters\":{\"faultline_capture\":\"full\"}}", "X-Request-Id", "kept-1");
    assertThat(answer.statusCode()).isEqualTo(200);
    String[] found = new String[1];
    RunningServer.await("it is kept", () -> {
      found[0] = captureOf("kept-1");
      return !found[0].isEmpty();
    });
    assertThat(found[0]).contains("prompt").doesNotContain(said);
  }

  /// The capture of a request as the admin API tells it, with its payload; empty while there is none.
  private String captureOf(String requestId) {
    try {
      for (JsonNode item : new ObjectMapper().readTree(admin("/captures?limit=200")).path("items")) {
        String whole = admin("/captures/" + item.path("id").asText());
        if (whole.contains("\"" + requestId + "\"")) {
          return whole + admin("/captures/" + item.path("id").asText() + "?payload=raw");
        }
      }
      return "";
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private String admin(String path) throws java.io.IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.ports().admin() + "/faultline/v1" + path)).build(), BodyHandlers.ofString()).body();
  }

  private HttpResponse<String> post(String path, String body, String... headers) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + server.ports().http() + "/v2/models/" + path);
    return client.send(RunningServer.builder(uri, headers).POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static void write(Path folder, String name, GraphBuilder graph) throws Exception {
    Path version = Files.createDirectories(folder.resolve("models").resolve(name).resolve("1"));
    Files.write(version.resolve("model.onnx"), graph.bytes());
  }
}
