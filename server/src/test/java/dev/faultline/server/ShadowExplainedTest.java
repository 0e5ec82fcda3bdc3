package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What a shadow leaves when its candidate answers otherwise, on the real engine: suspicions that can be investigated, and a report that says when the versions differ and where they part.
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ShadowExplainedTest {
  private static final int REQUESTS = 60;
  private static final int MONTH = 5;

  @TempDir Path folder;

  @Test
  void theReportNamesTheConditionTheNodeAndTheConstantWithBothValues() throws Exception {
    float[] rates = {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f};
    float[] changed = rates.clone();
    changed[MONTH] = 9;
    write("1", rates, 1);
    write("2", changed, 1);
    try (var running = new ContainedServer(folder, Map.of())) {
      String id = shadowed(running);
      mirror(running, id);
      ContainedServer.await("the investigation of the mismatches", () -> entry(running, id).path("initializer").isObject());
      JsonNode entry = entry(running, id);
      assertThat(entry.path("conditions").path(0).path("dimension").asText()).as("%s", entry).isEqualTo("field:month");
      assertThat(entry.path("conditions").path(0).path("value").asInt()).isEqualTo(MONTH);
      assertThat(entry.path("fields").path(0).path("path").asText()).isEqualTo("inputs/month");
      assertThat(entry.path("summary").asText()).startsWith("differs only when month = 5: ");
      assertThat(entry.path("initializer").path("name").asText()).isEqualTo("rates");
      assertThat(entry.path("initializer").path("slice").asText()).isEqualTo("[5]");
      assertThat(entry.path("initializer").path("good").asText()).startsWith("0.6");
      assertThat(entry.path("initializer").path("bad").asText()).startsWith("9");
      assertThat(entry.path("node").path("name").asText()).isEqualTo("rate_of_month");
      assertThat(entry.path("confidence").asText()).isEqualTo("VERIFIED");

      JsonNode fault = running.admin("GET", "faults?code=check.mismatch&limit=1").path("items").path(0);
      assertThat(fault.path("suspicion").asBoolean()).isTrue();
      assertThat(fault.path("model").path("version").asText()).isEqualTo("2");
      assertThat(fault.path("evidence").path(0).path("version").asText()).isEqualTo("1");
      assertThat(fault.path("summary").asText()).contains("as version 1 answers");
      assertThat(running.admin("GET", "groups?code=check.mismatch").path("items")).hasSize(1);
      assertThat(running.metrics()).doesNotContain("faultline_suspicions_total{code=\"check.mismatch\"");
    }
  }

  @Test
  void aModelThatDiffersALittleEverywhereLeavesNoSuspicion() throws Exception {
    float[] rates = {.1f, .2f, .3f, .4f, .5f, .6f, .7f, .8f};
    write("1", rates, 1);
    write("2", rates, 1.01f);
    try (var running = new ContainedServer(folder, Map.of())) {
      String id = shadowed(running);
      mirror(running, id);
      JsonNode rollout = running.admin("GET", "rollouts/" + id);
      assertThat(rollout.path("comparisons").path("different").asInt()).isGreaterThan(REQUESTS / 2);
      assertThat(rollout.path("judgement").path("verdict").asText()).isNotEqualTo("FAIL");
      assertThat(rollout.path("report")).isEmpty();
      assertThat(running.admin("GET", "groups?code=check.mismatch").path("items")).isEmpty();
    }
  }

  private static JsonNode entry(ContainedServer running, String id) {
    try {
      return running.admin("GET", "rollouts/" + id).path("report").path(0);
    } catch (Exception e) {
      throw new AssertionError("the admin API does not answer", e);
    }
  }

  private static void mirror(ContainedServer running, String id) throws Exception {
    var random = new Random(1);
    for (int i = 0; i < REQUESTS; i++) {
      String month = "{\"name\":\"month\",\"shape\":[1],\"datatype\":\"INT64\",\"data\":[" + (i % 4 == 0 ? MONTH : random.nextInt(8)) + "]}";
      ContainedServer.Answer answer = running.infer("m", month, ContainedServer.floats("speed", "[1]", "[" + (1 + random.nextInt(300)) + "]"));
      assertThat(answer.status()).as("%s", answer).isEqualTo(200);
      assertThat(answer.body().path("model_version").asText()).isEqualTo("1");
      int sent = i + 1;
      ContainedServer.await("request " + sent + " is mirrored", () -> seen(running, id) >= sent);
    }
  }

  private static long seen(ContainedServer running, String id) {
    try {
      JsonNode comparisons = running.admin("GET", "rollouts/" + id).path("comparisons");
      return comparisons.path("total").asLong() + comparisons.path("shed").asLong();
    } catch (Exception e) {
      throw new AssertionError("the admin API does not answer", e);
    }
  }

  private static String shadowed(ContainedServer running) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + running.server.ports().admin() + "/faultline/v1/rollouts");
    String plan = "{\"model\":\"m\",\"candidate\":\"2\",\"baseline\":\"1\",\"shadow\":1}";
    HttpResponse<String> answer = running.client.send(HttpRequest.newBuilder(uri).POST(BodyPublishers.ofString(plan)).build(), BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return ContainedServer.MAPPER.readTree(answer.body()).path("id").asText();
  }

  /// `y = rates[month] * speed * factor`
  private void write(String version, float[] rates, float factor) throws Exception {
    GraphBuilder graph = GraphBuilder.named("m")
        .input("month", ElementType.INT64, "n")
        .input("speed", ElementType.FLOAT, "n")
        .initializer("rates", rates, rates.length)
        .initializer("factor", new float[] {factor}, 1)
        .node("rate_of_month", "Gather", List.of("rates", "month"), List.of("rate"))
        .node("force", "Mul", List.of("rate", "speed"), List.of("raw"))
        .node("scaled", "Mul", List.of("raw", "factor"), List.of("y"))
        .output("y", ElementType.FLOAT, "n");
    Files.write(Files.createDirectories(folder.resolve("models/m").resolve(version)).resolve("model.onnx"), graph.bytes());
  }
}
