package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whether a running server says why it, or a model of it, is not ready or not sound.
class HealthTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aServerWithoutARequiredModelSaysWhichAndWhy() throws Exception {
    try (var running = new RunningServer(folder, Map.of("health.required", "m,broken,absent"))) {
      HttpResponse<String> ready = running.get("/v2/health/ready");
      assertThat(ready.statusCode()).isEqualTo(503);
      JsonNode body = MAPPER.readTree(ready.body());
      assertThat(body.path("live").asBoolean()).isTrue();
      assertThat(body.path("ready").asBoolean()).isFalse();
      assertThat(body.path("reason").asText())
          .contains("model 'broken' version 1 is not ready: the file holds no model", "there is no model 'absent'").doesNotContain("'m'");
      JsonNode health = MAPPER.readTree(running.getAdmin("/faultline/v1/health").body());
      assertThat(health.path("state").asText()).isEqualTo("NOT_READY");
      assertThat(health.path("reasons")).hasSize(2);
    }
  }

  @Test
  void aServerWhoseModelsLoadSaysWhichItWaitsFor() throws Exception {
    try (var running = new RunningServer(folder, Map.of(), engine -> engine.holdsLoading = true)) {
      RunningServer.await("a model loads", () -> reason(running).contains("is not ready: it is still loading"));
      assertThat(running.get("/v2/health/ready").statusCode()).isEqualTo(503);
      running.engine.loading.countDown();
      running.server.awaitReady();
      assertThat(running.get("/v2/health/ready").body()).isEqualTo("{\"live\":true,\"ready\":true}");
    }
  }

  @Test
  void aVersionThatFailsTooOftenIsDegradedAndStaysReady() throws Exception {
    try (var running = new RunningServer(folder, Map.of("health.degraded_min_requests", "4"))) {
      for (int i = 0; i < 4; i++) {
        running.infer(i < 2 ? 1 : 13);
      }
      JsonNode body = MAPPER.readTree(running.get("/v2/models/m/ready").body());
      assertThat(body.path("ready").asBoolean()).as(body.toString()).isTrue();
      assertThat(body.path("degraded").asBoolean()).isTrue();
      assertThat(body.path("reason").asText()).isEqualTo("2 of its last 4 requests failed (50 % within a minute)");
      JsonNode health = MAPPER.readTree(running.getAdmin("/faultline/v1/health").body());
      assertThat(health.path("state").asText()).isEqualTo("DEGRADED");
      assertThat(health.path("models").toString()).contains("\"model\":\"m\",\"version\":\"2\",\"state\":\"DEGRADED\"", "\"model\":\"m\",\"version\":\"1\",\"state\":\"READY\"");
      assertThat(running.getAdmin("/metrics").body()).contains("faultline_model_degraded{model=\"m\",version=\"2\"} 1.0");
      for (int i = 0; i < 8; i++) {
        running.infer(1);
      }
      assertThat(running.get("/v2/models/m/ready").body()).isEqualTo("{\"name\":\"m\",\"ready\":true}");
    }
  }

  private static String reason(RunningServer running) {
    try {
      return running.get("/v2/health/ready").body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
