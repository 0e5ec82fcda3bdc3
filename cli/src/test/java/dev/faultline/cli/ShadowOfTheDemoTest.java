package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example's versions as shadows of its first: what is compared, and what is found to separate those that differ.
class ShadowOfTheDemoTest {
  private static final int ROWS = 80;
  private static final int RETRAINED_ROWS = 400;

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
  private Path dataDir;

  @Test
  void versionTwoSaysSomethingElseWhereSpeedIsMissing() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of())) {
      assertThat(told(server, "rollout", "start", DemoPlan.MODEL, "--candidate", "2", "--baseline", "1", "--shadow", "100%").status()).isZero();
      List<String> answered = mirrored(server, ROWS);
      JsonNode rollout = rollout(server);
      assertThat(answered).as("the baseline answers, and nobody else").allMatch(answer -> answer.contains("\"model_version\":\"1\""));
      assertThat(rollout.path("state").asText()).isEqualTo("SHADOWING");
      assertThat(rollout.path("comparisons").path("noise_floor").asDouble(1)).isZero();
      assertThat(rollout.path("comparisons").path("outputs").findValuesAsText("name")).contains("probability");
      assertThat(rollout.path("comparisons").path("failed").asInt()).isZero();
      assertThat(rollout.path("report").path(0).path("fields").path(0).path("path").asText()).isEqualTo("inputs/speed_knots");
      assertThat(rollout.path("report").path(0).path("summary").asText()).contains("speed_knots = null");
      await(() -> rollout(server).path("report").path(0).path("confidence").asText().equals("VERIFIED"));
      JsonNode entry = rollout(server).path("report").path(0);
      assertThat(entry.path("node").path("name").asText()).as("%s", entry).isEqualTo("/speed/impute");
      assertThat(entry.path("cause").asText()).isEqualTo("INTERACTION");
      assertThat(told(server, "rollout", "report", DemoPlan.MODEL).out()).contains("speed_knots = null", "node     /speed/impute (Where)", "faultline explain FL-1");
      assertThat(told(server, "explain", "FL-1").out()).contains("speed_knots", "VERIFIED");
      assertThat(told(server, "rollout", "abort", DemoPlan.MODEL, "--yes").status()).isZero();
    }
  }

  @Test
  void versionThreeWasTrainedAnewAndIsNotAccused() throws Exception {
    try (var server = DemoServer.start(dataDir, Map.of())) {
      var started = told(server, "rollout", "start", DemoPlan.MODEL, "--candidate", "3", "--baseline", "1", "--shadow", "1", "--min-requests", "300", "--min-minutes", "0.001");
      assertThat(started.status()).isZero();
      mirrored(server, RETRAINED_ROWS);
      JsonNode rollout = rollout(server);
      JsonNode comparisons = rollout.path("comparisons");
      assertThat(comparisons.path("total").asInt()).as("mirrored, not shed").isGreaterThan(RETRAINED_ROWS * 3 / 4);
      assertThat(comparisons.path("different").asInt()).as("it was trained anew: hardly any score is the same").isGreaterThan(comparisons.path("total").asInt() / 2);
      assertThat(comparisons.path("failed").asInt()).isZero();
      assertThat(rollout.path("judgement").path("streams").path(0).path("e_value").asDouble(1e9)).as("%s", rollout).isLessThan(100);
      assertThat(rollout.path("judgement").path("verdict").asText()).as("%s", rollout).isNotEqualTo("FAIL");
      assertThat(rollout.path("state").asText()).isEqualTo("SHADOWING");
      assertThat(told(server, "groups", "--json").out()).doesNotContain("check.mismatch");
    }
  }

  /// Sends rows, a quarter of them without speed, at a pace that the shadow keeps up with.
  private static List<String> mirrored(DemoServer server, int count) throws Exception {
    List<BirdstrikeRow> rows = BirdstrikeRows.read(DemoServer.EXAMPLES.resolve("data/birdstrikes.csv"));
    List<BirdstrikeRow> withSpeed = rows.stream().filter(each -> each.speedKnots().isPresent()).toList();
    List<BirdstrikeRow> withoutSpeed = rows.stream().filter(each -> each.speedKnots().isEmpty()).toList();
    var answers = new java.util.ArrayList<String>();
    for (int i = 0; i < count; i++) {
      List<BirdstrikeRow> side = i % 4 == 1 ? withoutSpeed : withSpeed;
      answers.add(server.post("/v2/models/" + DemoPlan.MODEL + "/infer", DemoPlan.v2(side.get(i * 7 % side.size()))).body());
      int sent = i + 1;
      await(() -> seen(server) == sent);
    }
    return answers;
  }

  private static long seen(DemoServer server) throws Exception {
    JsonNode comparisons = rollout(server).path("comparisons");
    return comparisons.path("total").asLong() + comparisons.path("shed").asLong();
  }

  private interface Check {
    boolean holds() throws Exception;
  }

  private static void await(Check check) throws Exception {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!check.holds()) {
      assertThat(System.nanoTime()).as("the shadow never came").isLessThan(end);
      Thread.sleep(2);
    }
  }

  private static JsonNode rollout(DemoServer server) throws Exception {
    return new ObjectMapper().readTree(told(server, "rollout", "status", DemoPlan.MODEL, "--json").out());
  }

  private static Told told(DemoServer server, String... arguments) {
    var all = new java.util.ArrayList<>(List.of(arguments));
    all.addAll(List.of("--server", server.admin()));
    return Told.by(all.toArray(String[]::new));
  }
}
