package dev.faultline.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Profiles that a running server takes by itself.
class AutoProfilesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Map<String, String> SHORT = Map.of("limits.infer_timeout", "20ms", "limits.lost_lanes", "8", "alerts.timeout_burst", "2");

  @TempDir Path folder;

  @Test
  void aBurstOfTimeoutsIsProfiledOnceAndTheProfileBelongsToItsGroup() throws Exception {
    try (var running = new RunningServer(folder, SHORT)) {
      timeOut(running);
      assertThat(profiles(running)).isEmpty();
      timeOut(running);
      RunningServer.await("a profile begins", () -> profiles(running).size() == 1);
      JsonNode profile = profiles(running).path(0);
      assertThat(profile.path("origin").asText()).isEqualTo("AUTO");
      assertThat(profile.path("event").asText()).isEqualTo("wall");
      assertThat(profile.path("model").asText() + "/" + profile.path("version").asText()).isEqualTo("m/2");
      assertThat(profile.path("reason").asText()).isEqualTo("2 timeouts within a minute: infer.timeout");
      JsonNode group = MAPPER.readTree(running.getAdmin("/faultline/v1/groups/" + profile.path("group").asText()).body());
      assertThat(group.path("code").asText()).isEqualTo("infer.timeout");
      assertThat(group.path("profiles").path(0).asText()).isEqualTo(profile.path("id").asText());
      timeOut(running);
      timeOut(running);
      RunningServer.await("the next burst is over the budget", () -> metrics(running).contains("faultline_profiles_automatic_total{result=\"over_budget\"} 1.0"));
      assertThat(metrics(running)).contains("faultline_profiles_automatic_total{result=\"started\"} 1.0");
      assertThat(profiles(running)).hasSize(1);
    }
  }

  @Test
  void nobodyIsProfiledWhereThatIsSwitchedOff() throws Exception {
    var off = new HashMap<>(SHORT);
    off.put("profiles.automatic", "false");
    try (var running = new RunningServer(folder, off)) {
      timeOut(running);
      timeOut(running);
      assertThat(metrics(running)).contains("faultline_profiles_automatic_total{result=\"started\"} 0.0");
      assertThat(profiles(running)).isEmpty();
    }
  }

  private static void timeOut(RunningServer running) throws Exception {
    assertThat(running.infer(60).statusCode()).isEqualTo(504);
  }

  private static JsonNode profiles(RunningServer running) {
    return get(running, "/faultline/v1/profiles?origin=AUTO").path("items");
  }

  private static JsonNode get(RunningServer running, String path) {
    try {
      return MAPPER.readTree(running.getAdmin(path).body());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static String metrics(RunningServer running) {
    try {
      return running.getAdmin("/metrics").body();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
