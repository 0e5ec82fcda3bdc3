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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a failing request to a verdict, over the admin API, with the real engine.
class InvestigationsTest {
  @TempDir Path folder;

  @Test
  void anIndexBeyondTheTableNamesFieldBoundaryAndNode() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", request("[3,17,200,5]", "[1,2,3,4]"));
      server.served("risk", request("[8,1,9,248]", "[4,4,4,4]"));
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INPUT");
      assertThat(verdict.path("stage").asText()).isEqualTo("INFER");
      assertThat(verdict.path("fields")).hasSize(1);
      JsonNode field = verdict.path("fields").get(0);
      assertThat(field.path("path").asText()).isEqualTo("inputs/country_idx[2]");
      assertThat(field.path("value").asLong()).isEqualTo(312);
      assertThat(field.path("boundary").path("operator").asText()).isEqualTo(">=");
      assertThat(field.path("boundary").path("value").asLong()).isEqualTo(249);
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/embed/Gather");
      assertThat(verdict.path("model").path("first_bad").isNull()).isTrue();
      assertThat(verdict.path("reproduction").path("fields_kept").asInt()).isEqualTo(1);
      assertThat(verdict.path("replays").asInt()).isBetween(5, 64);
      assertThat(server.get("/faults/" + fault).path("verdict").path("id")).isEqualTo(verdict.path("id"));
      assertThat(server.get("/groups/" + verdict.path("group").asText()).path("verdict").path("id")).isEqualTo(verdict.path("id"));
    }
  }

  @Test
  void aTableThatAVersionShrankIsTheVersionsAndTheInputsFault() throws Exception {
    model(folder, "risk", "6", embedding(320), "");
    model(folder, "risk", "7", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", request("[3,17,200,5]", "[1,2,3,4]"));
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INTERACTION");
      assertThat(verdict.path("model").path("last_good").asText()).isEqualTo("6");
      assertThat(verdict.path("model").path("first_bad").asText()).isEqualTo("7");
      assertThat(verdict.path("fields").get(0).path("path").asText()).isEqualTo("inputs/country_idx[2]");
      assertThat(verdict.path("conditions").toString()).contains("\"field:country_idx\"").contains("{\"dimension\":\"version\",\"operator\":\"=\",\"value\":\"7\"}");
    }
  }

  @Test
  void aVersionBetweenThatFailsForAnotherReasonIsNotTheFirstBadOne() throws Exception {
    model(folder, "risk", "1", looked(table(320)), "");
    model(folder, "risk", "2", looked(table(249)), "");
    float[] spoilt = table(320);
    spoilt[2 * 17 + 1] = Float.NaN;
    model(folder, "risk", "3", looked(spoilt), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", inputs(input("country_idx", "INT64", "[4]", "[3,16,200,5]")));
      server.served("risk", inputs(input("country_idx", "INT64", "[4]", "[8,1,9,248]")));
      // on version 2 this fails too, but for 312
      String fault = server.fault("risk", inputs(input("country_idx", "INT64", "[4]", "[3,17,312,5]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INTERACTION");
      assertThat(verdict.path("model").path("first_bad").asText()).as(verdict.toPrettyString()).isEqualTo("3");
      assertThat(verdict.path("model").path("last_good").asText()).isEqualTo("2");
      assertThat(verdict.path("fields")).hasSize(1);
      assertThat(verdict.path("fields").get(0).path("value").asLong()).isEqualTo(17);
      assertThat(verdict.path("mend").toString()).contains("take version 3 out of service").doesNotContain("country_idx: range");
    }
  }

  @Test
  void aLogOfANegativeNamesTheFieldAndTheNode() throws Exception {
    GraphBuilder graph = GraphBuilder.named("log")
        .input("x", ElementType.FLOAT, "n", 3)
        .node("/pre/Add", "Identity", List.of("x"), List.of("h"))
        .node("/pre/Log", "Log", List.of("h"), List.of("l"))
        .node("/head/Sum", "ReduceSum", List.of("l"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
    model(folder, "log", "1", graph, "outputs: {y: {finite: true, mode: observe}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", inputs(input("x", "FP32", "[1,3]", "[1,2,3]")));
      String fault = server.fault("log", inputs(input("x", "FP32", "[1,3]", "[5,-4,3]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INPUT");
      assertThat(verdict.path("fields").get(0).path("path").asText()).isEqualTo("inputs/x[0,1]");
      assertThat(verdict.path("node").path("name").asText()).isEqualTo("/pre/Log");
      assertThat(verdict.path("node").path("op").asText()).isEqualTo("Log");
    }
  }

  @Test
  void aModelThatFailsByChanceIsNeverVerified() throws Exception {
    GraphBuilder graph = GraphBuilder.named("chance")
        .input("x", ElementType.FLOAT, 1)
        .node("dice", "RandomUniformLike", List.of("x"), List.of("r"), Attribute.ofFloat("low", -1), Attribute.ofFloat("high", 1))
        .node("log", "Log", List.of("r"), List.of("y"))
        .output("y", ElementType.FLOAT, 1);
    model(folder, "chance", "1", graph, "outputs: {y: {finite: true, mode: observe}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = "";
      for (int i = 0; i < 200 && fault.isEmpty(); i++) {
        var answer = server.infer("chance", inputs(input("x", "FP32", "[1]", "[1]")));
        fault = answer.headers().firstValue("faultline-suspicion").map(value -> value.replaceFirst("id=(\\w+),.*", "$1")).orElse("");
      }
      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("ABSTAINED");
      assertThat(verdict.path("cause").asText()).isIn("FLAKY", "UNKNOWN");
    }
  }

  @Test
  void oneClientThatSendsNanIsNamedBesideTheField() throws Exception {
    model(folder, "sum", "1", sum(), "inputs: {x: {finite: true}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int i = 0; i < 40; i++) {
        server.served("sum", row(i % 9 + "," + i % 5 + ",3"), "X-Client-Id", i % 2 == 0 ? "shop" : "app");
      }
      String fault = "";
      for (int i = 0; i < 12; i++) {
        fault = server.fault("sum", row(i % 9 + ",NaN,3"), "X-Client-Id", "batch-7");
      }
      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("INPUT");
      assertThat(verdict.path("stage").asText()).isEqualTo("VALIDATE");
      assertThat(verdict.path("fields").get(0).path("path").asText()).isEqualTo("inputs/x[0,1]");
      assertThat(verdict.path("conditions").toString()).contains("{\"dimension\":\"client\",\"operator\":\"=\",\"value\":\"batch-7\"}");
    }
  }

  @Test
  void aStepThatAVersionChangedIsNamed() throws Exception {
    String promise = "outputs: {y: {range: [-100, 100], mode: observe}}\n";
    model(folder, "sum", "1", sum(), "preprocess: [{name: scale_x, step: scale, input: x, mean: 0, std: 2}]\n" + promise);
    model(folder, "sum", "2", sum(), "preprocess: [{name: scale_x, step: scale, input: x, mean: 0, std: 0.001}]\n" + promise);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("sum", row("0,0,0"));
      String fault = server.fault("sum", row("5,4,3"));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("cause").asText()).isEqualTo("STEP");
      assertThat(verdict.path("step").asText()).isEqualTo("scale_x");
      assertThat(verdict.path("model").path("first_bad").asText()).isEqualTo("2");
    }
  }

  @Test
  void rowsThatFailOnlyTogetherAreABatchInteraction() throws Exception {
    GraphBuilder graph = GraphBuilder.named("spread")
        .input("x", ElementType.FLOAT, "n", 1)
        .node("most", "ReduceMax", List.of("x"), List.of("m"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .node("least", "ReduceMin", List.of("x"), List.of("l"), Attribute.ofInts("axes", 0), Attribute.ofInt("keepdims", 1))
        .node("spread", "Sub", List.of("m", "l"), List.of("s"))
        .node("all", "Add", List.of("x", "s"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 1);
    model(folder, "spread", "1", graph, "outputs: {y: {range: [-1000, 1000], mode: observe}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("spread", inputs(input("x", "FP32", "[3,1]", "[1,2,3]")));
      String fault = server.fault("spread", inputs(input("x", "FP32", "[3,1]", "[1,900,-200]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("BATCH_INTERACTION");
    }
  }

  @Test
  void aModelWithSideEffectsIsNotRunAgain() throws Exception {
    model(folder, "risk", "1", embedding(249), "side_effects: true\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      JsonNode verdict = server.verdict(server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]")));

      assertThat(verdict.path("confidence").asText()).isEqualTo("ABSTAINED");
      assertThat(verdict.path("replays").asInt()).isZero();
      assertThat(verdict.path("summary").asText()).contains("side effects");
    }
  }

  @Test
  void aSpentBudgetClaimsNothingThatItDidNotSee() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", request("[3,17,200,5]", "[1,2,3,4]"));
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      JsonNode verdict = server.verdict("{\"fault\":\"" + fault + "\",\"budget\":{\"replays\":8}}", 202);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isIn("SUSPECTED", "ABSTAINED");
      assertThat(verdict.path("replays").asInt()).isLessThanOrEqualTo(8);
    }
  }

  @Test
  void newGroupsAreInvestigatedByThemselves() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of("isolation.background", "true"))) {
      server.served("risk", request("[3,17,200,5]", "[1,2,3,4]"));
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      JsonNode verdict = server.kept(fault);

      assertThat(verdict.path("cause").asText()).isEqualTo("INPUT");
    }
  }

  @Test
  void whatCannotBeAskedForIsRefusedAsAProblem() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      assertThat(server.admin("POST", "/investigations", "{}").statusCode()).isEqualTo(400);
      assertThat(server.admin("POST", "/investigations", "[").statusCode()).isEqualTo(400);
      assertThat(server.admin("POST", "/investigations", "{\"group\":\"FL-1\",\"buget\":{}}").body()).contains("buget");
      assertThat(server.admin("POST", "/investigations", "{\"group\":\"FL-9\"}").statusCode()).isEqualTo(404);
      assertThat(server.admin("POST", "/investigations", "{\"fault\":\"flt_none\"}").statusCode()).isEqualTo(404);
      assertThat(server.admin("GET", "/investigations/inv_none", "").statusCode()).isEqualTo(404);
    }
  }

  static GraphBuilder sum() {
    return GraphBuilder.named("sum")
        .input("x", ElementType.FLOAT, "n", 3)
        .node("total", "ReduceSum", List.of("x"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
  }

  static String row(String values) {
    return inputs(input("x", "FP32", "[1,3]", "[" + values + "]"));
  }

  private static float[] table(int rows) {
    float[] table = new float[rows * 2];
    for (int i = 0; i < table.length; i++) {
      table[i] = i % 7;
    }
    return table;
  }

  /// An embedding alone: what is looked up is what is answered.
  private static GraphBuilder looked(float[] table) {
    return GraphBuilder.named("risk")
        .input("country_idx", ElementType.INT64, "n")
        .initializer("embed.weight", table, table.length / 2, 2)
        .node("/embed/Gather", "Gather", List.of("embed.weight", "country_idx"), List.of("y"))
        .output("y", ElementType.FLOAT, "n", 2);
  }

  static GraphBuilder embedding(int rows) {
    float[] table = table(rows);
    return GraphBuilder.named("risk")
        .input("country_idx", ElementType.INT64, "n")
        .input("x", ElementType.FLOAT, "n")
        .initializer("embed.weight", table, rows, 2)
        .node("/embed/Gather", "Gather", List.of("embed.weight", "country_idx"), List.of("emb"))
        .node("/head/Sum", "ReduceSum", List.of("emb"), List.of("s"), Attribute.ofInt("keepdims", 0))
        .node("/head/Add", "Add", List.of("s", "x"), List.of("y"))
        .output("y", ElementType.FLOAT, "n");
  }

  static String request(String indices, String values) {
    return inputs(input("country_idx", "INT64", "[4]", indices), input("x", "FP32", "[4]", values));
  }
}
