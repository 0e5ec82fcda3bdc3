package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A server in a process of its own that is killed without warning in the middle of a rollout, and started again.
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledServerTest {
  private static final List<String> CALLERS = IntStream.range(0, 40).mapToObj(i -> "caller-" + i).toList();

  @TempDir @SuppressWarnings("NullAway.Init") // JUnit sets it before each test
  private Path folder;

  @Test
  void aRampGoesOnWithItsStepItsWeightAndItsCounts() throws Exception {
    String plan = "{\"model\":\"birdstrike-damage\",\"candidate\":\"3\",\"baseline\":\"1\",\"steps\":[20,60,90],\"key\":\"X-Client-Id\",\"min_requests\":300,\"min_minutes\":0.001,\"max_minutes\":60}";
    String id;
    List<String> sides;
    JsonNode before;
    try (var server = new Child("first")) {
      id = server.traffic.start(plan).path("id").asText();
      DemoTraffic.await("the second step", () -> {
        sides(server.traffic);
        return server.traffic.rollout(id).path("weight").asDouble() == 60;
      });
      sides = sides(server.traffic);
      before = server.traffic.rollout(id);
      DemoTraffic.await("all of it is written down", () -> kept(id).path("counts").path("baseline").asLong() == before.path("requests").path("baseline").asLong()
          && kept(id).path("counts").path("candidate").asLong() == before.path("requests").path("candidate").asLong());
      server.kill();
    }
    try (var server = new Child("second")) {
      JsonNode after = server.traffic.rollout(id);
      for (String member : List.of("state", "weight", "reason", "since", "created_at", "requests", "plan", "baseline", "candidate")) {
        assertThat(after.path(member)).as(member).isEqualTo(before.path(member));
      }
      assertThat(after.path("judgement").path("streams").findValuesAsText("estimate")).as("the evidence").isEqualTo(before.path("judgement").path("streams").findValuesAsText("estimate"));
      assertThat(sides(server.traffic)).as("callers stay on their side").isEqualTo(sides);
      server.kill();
    }
  }

  @Test
  void aShadowKeepsWhatItHasCompared() throws Exception {
    String id;
    JsonNode before;
    try (var server = new Child("first")) {
      id = server.traffic.start("{\"model\":\"birdstrike-damage\",\"candidate\":\"2\",\"baseline\":\"1\",\"shadow\":1}").path("id").asText();
      for (int i = 0; i < 40; i++) {
        server.traffic.answered();
        int sent = i + 1;
        DemoTraffic.await("it is compared", () -> seen(server.traffic.rollout(id)) >= sent);
      }
      before = server.traffic.rollout(id);
      DemoTraffic.await("all of it is written down", () -> kept(id).path("shadow").path("counts").path(0).asLong() == before.path("comparisons").path("total").asLong());
      server.kill();
    }
    try (var server = new Child("second")) {
      JsonNode after = server.traffic.rollout(id);
      assertThat(after.path("state").asText()).isEqualTo("SHADOWING");
      assertThat(after.path("comparisons")).isEqualTo(before.path("comparisons"));
      assertThat(after.path("report")).as("what was found").isEqualTo(before.path("report"));
      assertThat(after.path("judgement").path("verdict")).isEqualTo(before.path("judgement").path("verdict"));
      server.kill();
    }
  }

  private static long seen(JsonNode rollout) {
    return rollout.path("comparisons").path("total").asLong() + rollout.path("comparisons").path("shed").asLong();
  }

  private static List<String> sides(DemoTraffic traffic) throws Exception {
    var sides = new java.util.ArrayList<String>();
    for (String caller : CALLERS) {
      sides.add(traffic.answered("X-Client-Id", caller));
    }
    return sides;
  }

  /// What would be found after a crash at this moment.
  private JsonNode kept(String id) throws IOException {
    return new ObjectMapper().readTree(Files.readString(folder.resolve("data/state.json"))).path("rollouts").path(id);
  }

  /// `faultline serve` as a process.
  private final class Child implements AutoCloseable {
    private final Process process;
    private final DemoTraffic traffic;

    Child(String name) throws Exception {
      Path ports = folder.resolve(name + ".json");
      process = new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow",
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName(),
              "serve",
              DemoServer.EXAMPLES.resolve("models").toString(),
              "--port=0",
              "--grpc-port=0",
              "--admin-port=0",
              "--ports-file=" + ports,
              "--data=" + folder.resolve("data"))
          .directory(folder.toFile())
          .redirectErrorStream(true)
          .redirectOutput(folder.resolve(name + ".log").toFile())
          .start();
      DemoTraffic.await("the server is ready; its log: " + folder, () -> Files.exists(ports) && Files.size(ports) > 0);
      JsonNode open = new ObjectMapper().readTree(Files.readString(ports));
      traffic = new DemoTraffic(open.path("http").asInt(), open.path("admin").asInt());
    }

    /// As `kill -9` does.
    void kill() throws InterruptedException {
      process.destroyForcibly();
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }

    @Override
    public void close() {
      traffic.close();
      process.destroyForcibly();
    }
  }
}
