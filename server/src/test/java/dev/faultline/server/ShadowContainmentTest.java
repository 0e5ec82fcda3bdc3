package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Shadows that die or do not come back, on the real engine: whoever is served does not notice.
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShadowContainmentTest {
  private static final int REQUESTS = 12;

  @TempDir Path folder;

  @Test
  void aShadowThatDiesChangesNoAnswer() throws Exception {
    write("d", "1", ContainedServer.addition());
    write("d", "2", ContainedServer.division("Div"));
    try (var running = new ContainedServer(folder, Map.of())) {
      String id = shadowed(running, "d");
      for (int i = 0; i < REQUESTS; i++) {
        ContainedServer.Answer answer = running.infer("d", ContainedServer.ints("a", Integer.MIN_VALUE + 1), ContainedServer.ints("b", -1));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("model_version").asText()).isEqualTo("1");
        assertThat(answer.body().path("outputs").path(0).path("data").path(0).asInt()).isEqualTo(Integer.MIN_VALUE);
      }
      ContainedServer.await("the death of the shadow is counted", () -> comparisons(running, id).path("failed").asInt() > 0);
      assertThat(running.infer("d", ContainedServer.ints("a", 2), ContainedServer.ints("b", 1)).status()).isEqualTo(200);
      assertThat(running.admin("GET", "rollouts/" + id).path("state").asText()).isEqualTo("SHADOWING");
    }
  }

  @Test
  void aShadowThatHangsChangesNoAnswer() throws Exception {
    write("h", "1", GraphBuilder.named("m")
        .input("side", ElementType.INT64, 2)
        .node("square", "Cast", List.of("side"), List.of("f"), Attribute.ofInt("to", 1))
        .node("mean", "ReduceMean", List.of("f"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT));
    write("h", "2", ContainedServer.product());
    try (var running = new ContainedServer(folder, Map.of("limits.infer_timeout", "400ms"))) {
      String id = shadowed(running, "h");
      String side = "{\"name\":\"side\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[9000,9000]}";
      for (int i = 0; i < REQUESTS; i++) {
        ContainedServer.Answer answer = running.infer("h", side);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("model_version").asText()).isEqualTo("1");
      }
      ContainedServer.await("the shadow is stopped and counted", () -> comparisons(running, id).path("failed").asInt() > 0);
      assertThat(running.infer("h", side).status()).isEqualTo(200);
    }
  }

  @Test
  void aShadowThatAsksForAllMemoryChangesNoAnswer() throws Exception {
    write("l", "1", GraphBuilder.named("m")
        .input("side", ElementType.INT64, 2)
        .node("square", "Cast", List.of("side"), List.of("f"), Attribute.ofInt("to", 1))
        .node("mean", "ReduceMean", List.of("f"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT));
    write("l", "2", GraphBuilder.named("m")
        .input("side", ElementType.INT64, 2)
        .node("fill", "ConstantOfShape", List.of("side"), List.of("all"))
        .node("mean", "ReduceMean", List.of("all"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT));
    try (var running = new ContainedServer(folder, Map.of())) {
      String id = shadowed(running, "l");
      String side = "{\"name\":\"side\",\"shape\":[2],\"datatype\":\"INT64\",\"data\":[4000000,4000000]}";
      for (int i = 0; i < REQUESTS; i++) {
        ContainedServer.Answer answer = running.infer("l", side);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("model_version").asText()).isEqualTo("1");
      }
      ContainedServer.await("what the shadow asks for is refused and counted", () -> comparisons(running, id).path("failed").asInt() > 0);
      assertThat(running.infer("l", side).status()).isEqualTo(200);
      assertThat(running.admin("GET", "rollouts/" + id).path("report").path(0).path("summary").asText()).contains("mirrored request", "infer.");
    }
  }

  private static JsonNode comparisons(ContainedServer running, String id) {
    try {
      return running.admin("GET", "rollouts/" + id).path("comparisons");
    } catch (Exception e) {
      throw new AssertionError("the admin API does not answer", e);
    }
  }

  private static String shadowed(ContainedServer running, String model) throws Exception {
    String plan = "{\"model\":\"" + model + "\",\"candidate\":\"2\",\"baseline\":\"1\",\"shadow\":1}";
    URI uri = URI.create("http://127.0.0.1:" + running.server.ports().admin() + "/faultline/v1/rollouts");
    HttpResponse<String> answer = running.client.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(plan)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ContainedServer.MAPPER.readTree(answer.body()).path("id").asText();
  }

  private void write(String model, String version, GraphBuilder graph) throws Exception {
    Files.write(Files.createDirectories(folder.resolve("models").resolve(model).resolve(version)).resolve("model.onnx"), graph.bytes());
  }
}
