package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.input;
import static dev.faultline.server.InvestigatingServer.inputs;
import static dev.faultline.server.InvestigatingServer.model;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where a fault begins along one thing, over the admin API, with the real engine.
class BisectionsTest {
  private static final String FINITE = "outputs: {y: {finite: true, mode: observe}}\n";

  @TempDir Path folder;

  @Test
  void anOverflowThatOnlyAFusionBringsIsTheEnginesAndNamesLevelAndRewriting() throws Exception {
    model(folder, "scaled", "1", scaled(), FINITE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("scaled", pair("1", "1"));
      String fault = server.fault("scaled", pair("1e30", "1e30"));

      JsonNode found = bisection(server, fault, "ort");

      assertThat(found.path("conclusive").asBoolean()).as(found.toPrettyString()).isTrue();
      assertThat(found.path("level").asText()).isEqualTo("EXTENDED");
      assertThat(found.path("optimizers").toString()).isEqualTo("[\"MatMulScaleFusion\"]");
      assertThat(found.path("trials").toString()).isEqualTo(
          "[{\"on\":\"NONE\",\"result\":\"PASS\"},{\"on\":\"BASIC\",\"result\":\"PASS\"},{\"on\":\"EXTENDED\",\"result\":\"FAIL\"},{\"on\":\"ALL\",\"result\":\"FAIL\"}]");
      assertThat(found.path("replays").asInt()).isBetween(10, 64);

      JsonNode verdict = server.verdict(fault);
      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("ENVIRONMENT");
      assertThat(verdict.path("confidence").asText()).isEqualTo("VERIFIED");
      assertThat(verdict.path("summary").asText()).contains("MatMulScaleFusion", "not on the graph as it stands in the file");
    }
  }

  @Test
  void aFaultOfTheGraphItselfIsNotAnEffectOfOptimisation() throws Exception {
    model(folder, "log", "1", log(), FINITE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", one("2"));
      JsonNode found = bisection(server, server.fault("log", one("-2")), "ort");

      assertThat(found.path("conclusive").asBoolean()).as(found.toPrettyString()).isTrue();
      assertThat(found.path("summary").asText()).startsWith("not an effect of optimisation: ");
      assertThat(found.path("level").isNull()).isTrue();
    }
  }

  @Test
  void whatFailsBeforeTheEngineIsNotAnEffectOfOptimisation() throws Exception {
    model(folder, "log", "1", log(), "inputs: {x: {range: [0, 9]}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      JsonNode found = bisection(server, server.fault("log", one("-2")), "ort");

      assertThat(found.path("summary").asText()).isEqualTo("not an effect of optimisation: validate.range is not for the graph to decide, in stage VALIDATE");
      assertThat(found.path("replays").asInt()).isZero();
    }
  }

  @Test
  void theFirstBadOfManyVersionsIsFoundWithItsPosterior() throws Exception {
    for (int version = 1; version <= 9; version++) {
      model(folder, "log", String.valueOf(version), version < 6 ? plain() : log(), FINITE);
    }
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", one("2"));
      JsonNode found = bisection(server, server.fault("log", one("-2")), "versions");

      assertThat(found.path("model").path("first_bad").asText()).as(found.toPrettyString()).isEqualTo("6");
      assertThat(found.path("model").path("last_good").asText()).isEqualTo("5");
      assertThat(found.path("model").path("posterior").asDouble()).isGreaterThan(.98);
      assertThat(found.path("trials").toString()).contains("{\"on\":\"5\",\"result\":\"PASS\"},{\"on\":\"6\",\"result\":\"FAIL\"}");
    }
  }

  @Test
  void aFaultOnEveryVersionIsNotAnEffectOfTheVersion() throws Exception {
    model(folder, "log", "1", log(), FINITE);
    model(folder, "log", "2", log(), FINITE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", one("2"));
      JsonNode found = bisection(server, server.fault("log", one("-2")), "versions");

      assertThat(found.path("summary").asText()).isEqualTo("not an effect of the version: it fails on every version that was tried");
      assertThat(found.path("conclusive").asBoolean()).isTrue();
      assertThat(found.path("model").path("first_bad").isNull()).isTrue();
    }
  }

  @Test
  void inputAndNodeAreThoseOfTheVerdict() throws Exception {
    model(folder, "log", "1", log(), FINITE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", one("2"));
      server.served("log", one("3"));
      String fault = server.fault("log", one("-2"));
      assertThat(bisection(server, fault, "node").path("node").path("name").asText()).isEqualTo("/log");
      JsonNode input = bisection(server, fault, "input");
      assertThat(input.path("fields").get(0).path("path").asText()).as(input.toPrettyString()).isEqualTo("inputs/x[0]");
      assertThat(input.path("fields").get(0).path("boundary").isObject()).isTrue();
    }
  }

  @Test
  void anythingElseCannotBeSearched() throws Exception {
    model(folder, "log", "1", log(), FINITE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = server.fault("log", one("-2"));
      var refused = server.admin("POST", "/investigations", "{\"fault\":\"" + fault + "\",\"over\":\"time\"}");
      assertThat(refused.statusCode()).isEqualTo(400);
      assertThat(refused.body()).contains("'over' is 'time' (expected: versions, input, node or ort;");
    }
  }

  private static JsonNode bisection(InvestigatingServer server, String fault, String over) throws Exception {
    JsonNode ended = server.ended(server.started("{\"fault\":\"" + fault + "\",\"over\":\"" + over + "\"}", 202));
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("DONE");
    assertThat(ended.path("verdict").isNull()).isTrue();
    return ended.path("bisection");
  }

  /// `(a * 1e-30) x b`, which the engine turns into `1e-30 * (a x b)`: the product overflows before it is made small.
  private static GraphBuilder scaled() {
    return GraphBuilder.named("scaled")
        .input("a", ElementType.FLOAT, 2, 2)
        .input("b", ElementType.FLOAT, 2, 2)
        .initializer("tiny", new float[] {1e-30f})
        .node("/scale", "Mul", List.of("a", "tiny"), List.of("small"))
        .node("/product", "MatMul", List.of("small", "b"), List.of("y"))
        .output("y", ElementType.FLOAT, 2, 2);
  }

  private static GraphBuilder log() {
    return GraphBuilder.named("log").input("x", ElementType.FLOAT, 1).node("/log", "Log", List.of("x"), List.of("y")).output("y", ElementType.FLOAT, 1);
  }

  private static GraphBuilder plain() {
    return GraphBuilder.named("log").input("x", ElementType.FLOAT, 1).node("/abs", "Abs", List.of("x"), List.of("y")).output("y", ElementType.FLOAT, 1);
  }

  private static String pair(String a, String b) {
    return inputs(input("a", "FP32", "[2,2]", four(a)), input("b", "FP32", "[2,2]", four(b)));
  }

  private static String four(String value) {
    return "[" + String.join(",", value, value, value, value) + "]";
  }

  private static String one(String value) {
    return inputs(input("x", "FP32", "[1]", "[" + value + "]"));
  }
}
