package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.input;
import static dev.faultline.server.InvestigatingServer.inputs;
import static dev.faultline.server.InvestigatingServer.model;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a version changed, named to the constant, the attribute or the node inside a body, over the admin API with the real engine.
class VersionVerdictsTest {
  private static final String PROMISE = "outputs: {y: {range: [-100, 100], mode: observe}}\n";

  @TempDir Path folder;

  @Test
  void theElementOfAConstantThatAVersionLostIsNamedAmongAllThatItTrainedAnew() throws Exception {
    float[] std = {1, 2, 4, 1, 2, 4};
    float[] lost = std.clone();
    lost[4] = 1e-6f;
    model(folder, "scaled", "1", scaled(std, 0), PROMISE);
    model(folder, "scaled", "2", scaled(std, 0.001f), PROMISE);
    model(folder, "scaled", "3", scaled(lost, 0.002f), PROMISE);
    model(folder, "scaled", "4", scaled(lost, 0.003f), PROMISE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int i = 0; i < 8; i++) {
        served(server, "2", row(i + 1, 2, 3, 4, 5, i + 3));
      }
      String fault = suspicious(server, "4", row(3, 1, 2, 1, 7, 2));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("MODEL");
      assertThat(verdict.path("fields")).isEmpty();
      assertThat(verdict.path("model").path("last_good").asText()).isEqualTo("2");
      assertThat(verdict.path("model").path("first_bad").asText()).isEqualTo("3");
      assertThat(verdict.path("model").path("posterior").asDouble()).isGreaterThan(0.9);
      assertThat(verdict.path("initializer").path("name").asText()).isEqualTo("std");
      assertThat(verdict.path("initializer").path("slice").asText()).isEqualTo("[4]");
      assertThat(verdict.path("initializer").path("good").asText()).isEqualTo("2.0");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/scale/divide");
      assertThat(verdict.path("conditions").toString()).contains("{\"dimension\":\"version\",\"operator\":\">=\",\"value\":\"3\"}");
      assertThat(verdict.path("mend").toString()).contains("restore initializer 'std[4]' to 2.0");
    }
  }

  @Test
  void anAttributeThatAVersionChangedNamesItsNode() throws Exception {
    model(folder, "leaky", "1", leaky(0.01f), PROMISE);
    model(folder, "leaky", "2", leaky(90), PROMISE);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int i = 0; i < 6; i++) {
        served(server, "leaky", "1", inputs(input("x", "FP32", "[1,2]", "[" + -5 * i + "," + i + "]")));
      }
      String fault = suspicious(server, "leaky", "2", inputs(input("x", "FP32", "[1,2]", "[-7,3]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isIn("MODEL", "INTERACTION");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/act");
      assertThat(verdict.path("initializer").isNull()).isTrue();
      assertThat(verdict.path("summary").asText()).contains("alpha").contains("0.01").contains("90");
    }
  }

  @Test
  void aValueThatIsLostInABranchAndSwallowedBehindItIsNamedWithBoth() throws Exception {
    GraphBuilder roots = GraphBuilder.named("roots").node("/body/log", "Log", List.of("x"), List.of("r")).output("r", ElementType.FLOAT, "n", 2);
    GraphBuilder plain = GraphBuilder.named("plain").node("/body/same", "Identity", List.of("x"), List.of("p")).output("p", ElementType.FLOAT, "n", 2);
    GraphBuilder graph = GraphBuilder.named("branch")
        .input("x", ElementType.FLOAT, "n", 2)
        .input("deep", ElementType.BOOL, 1)
        .node("/choose", "If", List.of("deep"), List.of("h"), Attribute.ofBody("then_branch", roots), Attribute.ofBody("else_branch", plain))
        .node("/label", "ArgMax", List.of("h"), List.of("label"), Attribute.ofInt("axis", 1), Attribute.ofInt("keepdims", 0))
        .output("label", ElementType.INT64, "n")
        .node("/score", "ReduceSum", List.of("h"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
    model(folder, "branch", "1", graph, "outputs: {y: {finite: true, mode: observe}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("branch", deep("2,3", true));
      server.served("branch", deep("4,9", true));
      String fault = server.fault("branch", deep("2,-3", true));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("fields").get(0).path("path").asText()).isEqualTo("inputs/x[0,1]");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/body/log");
      assertThat(verdict.path("node").path("scope").toString()).isEqualTo("[\"/choose\"]");
      assertThat(verdict.path("node").path("swallowed_by").toString()).contains("/label");
    }
  }

  @Test
  void aLengthIsHeldAgainstTheShortestThatPasses() throws Exception {
    GraphBuilder graph = GraphBuilder.named("window")
        .input("signal", ElementType.FLOAT, "n", "length")
        .initializer("fifth", new long[] {5}, 1)
        .node("/fifth", "Gather", List.of("signal", "fifth"), List.of("y"), Attribute.ofInt("axis", 1))
        .output("y", ElementType.FLOAT, "n", 1);
    model(folder, "window", "1", graph, "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("window", signal(40));
      server.served("window", signal(32));
      String fault = server.fault("window", signal(2));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INPUT");
      assertThat(verdict.path("conditions").toString()).contains("{\"dimension\":\"shape:signal\",\"operator\":\"<=\",\"value\":5}");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/fifth");
    }
  }

  @Test
  void aCohortThatIsTooSmallIsTheNumberOfRows() throws Exception {
    GraphBuilder graph = GraphBuilder.named("cohort")
        .input("x", ElementType.FLOAT, "n", 1)
        .node("/mean", "ReduceMean", List.of("x"), List.of("m"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .node("/centre", "Sub", List.of("x", "m"), List.of("c"))
        .node("/square", "Mul", List.of("c", "c"), List.of("s"))
        .node("/variance", "ReduceMean", List.of("s"), List.of("v"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .node("/divide", "Div", List.of("c", "v"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 1)
        .opset("", 13);
    model(folder, "cohort", "1", graph, "outputs: {y: {finite: true, mode: observe}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("cohort", inputs(input("x", "FP32", "[4,1]", "[1,2,4,7]")));
      server.served("cohort", inputs(input("x", "FP32", "[3,1]", "[5,2,9]")));
      String fault = server.fault("cohort", inputs(input("x", "FP32", "[1,1]", "[6]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("BATCH_INTERACTION");
      assertThat(verdict.path("conditions").toString()).contains("\"batch_size\"");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/divide");
    }
  }

  private static GraphBuilder scaled(float[] std, float drift) {
    float[] weights = new float[std.length];
    Arrays.fill(weights, 1 + drift);
    return GraphBuilder.named("scaled")
        .input("x", ElementType.FLOAT, "n", std.length)
        .initializer("std", std, std.length)
        .initializer("weights", weights, std.length, 1)
        .node("/scale/divide", "Div", List.of("x", "std"), List.of("z"))
        .node("/head/multiply", "MatMul", List.of("z", "weights"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 1);
  }

  private static GraphBuilder leaky(float alpha) {
    return GraphBuilder.named("leaky")
        .input("x", ElementType.FLOAT, "n", 2)
        .node("/act", "LeakyRelu", List.of("x"), List.of("a"), Attribute.ofFloat("alpha", alpha))
        .node("/head", "ReduceSum", List.of("a"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
  }

  private static String row(int... values) {
    return inputs(input("x", "FP32", "[1," + values.length + "]", Arrays.stream(values).mapToObj(String::valueOf).collect(Collectors.joining(",", "[", "]"))));
  }

  private static String deep(String values, boolean deep) {
    return inputs(input("x", "FP32", "[1,2]", "[" + values + "]"), input("deep", "BOOL", "[1]", "[" + deep + "]"));
  }

  private static String signal(int length) {
    return inputs(input("signal", "FP32", "[1," + length + "]", "[" + "1,".repeat(length - 1) + "2]"));
  }

  private static void served(InvestigatingServer server, String version, String body) throws Exception {
    served(server, "scaled", version, body);
  }

  private static void served(InvestigatingServer server, String model, String version, String body) throws Exception {
    server.served(model + "/versions/" + version, body);
  }

  private static String suspicious(InvestigatingServer server, String version, String body) throws Exception {
    return suspicious(server, "scaled", version, body);
  }

  private static String suspicious(InvestigatingServer server, String model, String version, String body) throws Exception {
    return server.fault(model + "/versions/" + version, body);
  }
}
