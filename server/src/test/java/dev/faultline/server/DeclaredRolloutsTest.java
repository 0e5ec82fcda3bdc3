package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rollouts that stand in the configuration file.
class DeclaredRolloutsTest {
  /// Several looks of the server's.
  private static final long LOOKS_MILLIS = 1_000;

  @TempDir Path folder;

  @Test
  void aDeclaredRolloutBeginsByItselfAndOnlyOnce() throws Exception {
    declare("rollouts: {m: {candidate: 2, steps: [5, 50], key: X-User-Id, max_minutes: 60}}");
    try (var running = running()) {
      RunningServer.await("it begins", () -> rollouts(running).size() == 1);
      JsonNode rollout = rollouts(running).path(0);
      assertThat(rollout.path("state").asText()).isEqualTo("CANARY");
      assertThat(rollout.path("baseline").asText()).isEqualTo("1");
      assertThat(rollout.path("started_by").asText()).isEqualTo("configuration");
      assertThat(rollout.path("plan").path("key").asText()).isEqualTo("x-user-id");
    }
    try (var running = running()) {
      assertThat(rollouts(running)).as("it goes on").hasSize(1);
      assertThat(rollouts(running).path(0).path("state").asText()).isEqualTo("CANARY");
      post(running, "/faultline/v1/rollouts/" + rollouts(running).path(0).path("id").asText() + "/abort");
      Thread.sleep(LOOKS_MILLIS);
      assertThat(rollouts(running)).as("over, and not begun anew").hasSize(1);
    }
    try (var running = running()) {
      Thread.sleep(LOOKS_MILLIS);
      assertThat(rollouts(running)).as("nor after a restart").hasSize(1);
      assertThat(rollouts(running).path(0).path("state").asText()).isEqualTo("ABORTED");
    }
    declare("rollouts: {m: {candidate: 2, steps: [10, 50]}}");
    try (var running = running()) {
      RunningServer.await("another plan begins", () -> rollouts(running).size() == 2);
    }
  }

  @Test
  void aDeclaredRolloutWaitsUntilItsVersionIsReady() throws Exception {
    declare("rollouts: {m: {candidate: '3', baseline: '2'}}");
    try (var running = running()) {
      assertThat(rollouts(running)).isEmpty();
      Files.writeString(Files.createDirectories(folder.resolve("models/m/3")).resolve("model.onnx"), "fake");
      post(running, "/faultline/v1/models/m/versions/3/load");
      RunningServer.await("it begins", () -> rollouts(running).size() == 1);
      assertThat(rollouts(running).path(0).path("candidate").asText()).isEqualTo("3");
    }
  }

  @Test
  void aVersionThatIsInChargeAlreadyIsNotTriedAgain() throws Exception {
    try (var running = running()) {
      for (String version : List.of("1", "2")) {
        HttpRequest promote = RunningServer.builder(running.admin("/faultline/v1/models/m/promote")).POST(BodyPublishers.ofString("{\"version\":\"" + version + "\"}")).build();
        assertThat(running.send(promote).statusCode()).isEqualTo(200);
      }
    }
    declare("rollouts: {m: {candidate: 2}}");
    try (var running = running()) {
      RunningServer.await("that is noted", () -> state().contains("\"declared\""));
      post(running, "/faultline/v1/models/m/rollback");
      Thread.sleep(LOOKS_MILLIS);
      assertThat(rollouts(running)).as("who rolls back does not want it begun by itself").isEmpty();
    }
  }

  @Test
  void plansThatDoNotFitStopTheStartWithEveryReason() throws Exception {
    declare("rollouts: {m: {candidate: 2, stpes: [5]}, n: {steps: [5]}, o: {candidate: 2, steps: [50, 5]}}");
    assertThatThrownBy(this::running)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("3 problems in the configuration")
        .hasMessageContaining("rollouts.m: the plan has a member 'stpes' (did you mean 'steps'?)")
        .hasMessageContaining("rollouts.n: the plan has no 'candidate'")
        .hasMessageContaining("rollouts.o: 'steps' is [50,5]");
  }

  @Test
  void whatIsNoPlanIsAProblemOfTheFile() throws Exception {
    declare("rollouts: {m: 2}");
    assertThatThrownBy(this::running).hasMessageContaining("rollouts.m is no mapping (expected: candidate:");
  }

  private void declare(String yaml) throws IOException {
    Files.writeString(folder.resolve("faultline.yaml"), yaml);
  }

  private RunningServer running() throws Exception {
    return new RunningServer(folder, Files.exists(folder.resolve("faultline.yaml")) ? Map.of("config", "faultline.yaml") : Map.of());
  }

  private String state() {
    try {
      return Files.readString(folder.resolve("data/state.json"));
    } catch (IOException e) {
      throw new AssertionError("no state", e);
    }
  }

  private static JsonNode rollouts(RunningServer running) {
    try {
      return new ObjectMapper().readTree(running.getAdmin("/faultline/v1/rollouts").body()).path("items");
    } catch (Exception e) {
      throw new AssertionError("the admin API does not answer", e);
    }
  }

  private static void post(RunningServer running, String path) throws Exception {
    var answer = running.send(RunningServer.builder(running.admin(path)).POST(BodyPublishers.noBody()).build());
    assertThat(answer.statusCode() / 100).as(answer.body()).isEqualTo(2);
  }
}
