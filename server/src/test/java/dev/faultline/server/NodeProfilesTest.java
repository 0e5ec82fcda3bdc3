package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.model;
import static dev.faultline.server.InvestigationsTest.row;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Times of nodes over the admin API, with the real engine.
class NodeProfilesTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int WIDTH = 1_000;

  @TempDir Path folder;

  @Test
  void theHottestNodeIsNamedWithItsShare() throws Exception {
    model(folder, "net", "1", net(WIDTH), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      send(server, "net", 3);
      JsonNode profile = taken(server, "{\"model\":\"net\",\"nodes\":true,\"seconds\":2}");
      JsonNode version = profile.path("summary").path("versions").path(0);
      JsonNode hottest = version.path("nodes").path(0);
      assertThat(hottest.path("node").asText()).as(profile.toPrettyString()).isEqualTo("/encoder/MatMul_3");
      assertThat(hottest.path("op").asText()).isEqualTo("MatMul");
      assertThat(hottest.path("share").asDouble()).isGreaterThan(.5);
      assertThat(version.path("operators").path(0).path("op").asText()).isEqualTo("MatMul");
      assertThat(version.path("arena_bytes").asLong()).isPositive();
      assertThat(version.path("run_ms").path("median_ms").asDouble()).isPositive();
      assertThat(profile.path("summary").path("headline").asText()).startsWith("/encoder/MatMul_3 (MatMul) has ").endsWith("of net/1");
      assertThat(profile.path("links").has("flamegraph")).isFalse();
      assertThat(profile.path("event").asText()).isEqualTo("nodes");
      try (Stream<Path> left = Files.list(folder.resolve("data/scratch"))) {
        assertThat(left).as("what the engine wrote is gone").isEmpty();
      }
    }
  }

  @Test
  void theNodeThatANewVersionMadeSlowerIsNamedAndNothingElse() throws Exception {
    model(folder, "net", "6", net(4), "");
    model(folder, "net", "7", net(WIDTH), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      send(server, "net", 3);
      JsonNode summary = taken(server, "{\"model\":\"net\",\"nodes\":true,\"against\":6,\"seconds\":60}").path("summary");
      assertThat(summary.path("conclusive").asBoolean()).as(summary.toPrettyString()).isTrue();
      JsonNode slowest = summary.path("slower").path(0);
      assertThat(slowest.path("text").asText()).matches("/encoder/MatMul_3: [0-9.]+ -> [0-9.]+ ms since v7");
      assertThat(slowest.path("kind").asText()).isEqualTo("node");
      assertThat(slowest.path("low_ms").asDouble()).isPositive().isLessThanOrEqualTo(slowest.path("change_ms").asDouble());
      assertThat(summary.path("slower")).extracting(each -> each.path("name").asText()).doesNotContain("/last");
      assertThat(summary.path("headline").asText()).isEqualTo(slowest.path("text").asText());
    }
  }

  @Test
  void aVersionThatIsTheSameIsNotCalledSlower() throws Exception {
    model(folder, "net", "1", net(WIDTH), "");
    model(folder, "net", "2", net(WIDTH), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      send(server, "net", 3);
      JsonNode summary = taken(server, "{\"model\":\"net\",\"nodes\":true,\"against\":\"1\",\"seconds\":60}").path("summary");
      assertThat(summary.path("slower")).as(summary.toPrettyString()).isEmpty();
      assertThat(summary.path("faster")).isEmpty();
      assertThat(summary.path("headline").asText()).isEqualTo("nothing of version 2 is slower than in version 1");
    }
  }

  @Test
  void nodesAreTimedInAProcessOfTheirOwnWhereTheVersionRunsInOne() throws Exception {
    model(folder, "net", "1", net(WIDTH), "");
    try (var server = new InvestigatingServer(folder, Map.of("models.isolation", "process"))) {
      send(server, "net", 1);
      JsonNode profile = taken(server, "{\"model\":\"net\",\"nodes\":true,\"seconds\":1}");
      assertThat(profile.path("summary").path("versions").path(0).path("nodes").path(0).path("node").asText()).as(profile.toPrettyString()).isEqualTo("/encoder/MatMul_3");
    }
  }

  @Test
  void whatCannotBeTimedIsRefusedOrFailsWithWhatIsMissing() throws Exception {
    model(folder, "net", "1", net(4), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      assertRefused(server, "{\"nodes\":true}", 400, "nodes are those of a model");
      assertRefused(server, "{\"model\":\"net\",\"nodes\":true,\"against\":\"1\"}", 400, "is to be compared with itself");
      assertRefused(server, "{\"model\":\"net\",\"nodes\":true,\"against\":\"9\"}", 404, "(expected: one of 1)");
      assertRefused(server, "{\"model\":\"net\",\"against\":\"1\"}", 400, "(expected: with \\\"nodes\\\": true)");
      assertRefused(server, "{\"model\":\"net\",\"nodes\":true,\"event\":\"cpu\"}", 400, "(expected: one of them)");
      JsonNode failed = server.over("/profiles/", started(server, "{\"model\":\"net\",\"nodes\":true,\"seconds\":1}"));
      assertThat(failed.path("state").asText()).isEqualTo("FAILED");
      assertThat(failed.path("error").asText()).contains("no request of 'net' is kept to time nodes with (mend: send it some");
    }
  }

  private static GraphBuilder net(int width) {
    return GraphBuilder.named("net")
        .input("x", ElementType.FLOAT, "n", 3)
        .initializer("w1", filled(3 * width), 3, width)
        .initializer("w2", filled(width * WIDTH), width, WIDTH)
        .node("/first", "MatMul", List.of("x", "w1"), List.of("h"))
        .node("/encoder/MatMul_3", "MatMul", List.of("h", "w2"), List.of("e"))
        .node("/sum", "ReduceSum", List.of("e"), List.of("s"), Attribute.ofInt("keepdims", 0))
        .node("/last", "Neg", List.of("s"), List.of("y"))
        .output("y", ElementType.FLOAT);
  }

  private static float[] filled(int count) {
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (i % 11) / 1_000f;
    }
    return values;
  }

  private static void send(InvestigatingServer server, String model, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      server.served(model, row(i + ",2,3"));
    }
  }

  private static JsonNode taken(InvestigatingServer server, String wish) throws Exception {
    JsonNode profile = server.over("/profiles/", started(server, wish));
    assertThat(profile.path("state").asText()).as(profile.toPrettyString()).isEqualTo("DONE");
    return profile;
  }

  private static JsonNode started(InvestigatingServer server, String wish) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/profiles", wish);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return MAPPER.readTree(answer.body());
  }

  private static void assertRefused(InvestigatingServer server, String wish, int status, String why) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/profiles", wish);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(why);
  }
}
