package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.input;
import static dev.faultline.server.InvestigatingServer.inputs;
import static dev.faultline.server.InvestigatingServer.model;
import static dev.faultline.server.InvestigationsTest.embedding;
import static dev.faultline.server.InvestigationsTest.request;
import static dev.faultline.server.InvestigationsTest.row;
import static dev.faultline.server.InvestigationsTest.sum;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kept requests run again over the admin API, with the real engine.
class ReplaysTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void aFaultIsReproducedOnTheVersionItMet() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      JsonNode replay = replay(server, "{\"fault\":\"" + fault + "\"}");

      assertTotals(replay, Map.of("reproduced", 1));
      JsonNode result = replay.path("results").get(0);
      assertThat(result.path("before").get(0).path("id").asText()).isEqualTo(fault);
      assertThat(result.path("before").get(0).path("code").asText()).isEqualTo("infer.node_failed");
      assertThat(result.path("after").get(0).path("code").asText()).isEqualTo("infer.node_failed");
      assertThat(result.path("after").get(0).path("id").isNull()).isTrue();
      assertThat(server.get("/faults").path("items")).as("a replay makes no fault of its own").hasSize(1);
    }
  }

  @Test
  void aGroupIsFixedOnAVersionThatTakesItsRequestsAndNotOnOneThatDoesNot() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    model(folder, "risk", "2", embedding(320), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int index : new int[] {312, 300, 400}) {
        server.fault("risk/versions/1", request("[3,17," + index + ",5]", "[9,9,9,9]"));
      }
      String group = server.get("/groups").path("items").get(0).path("id").asText();

      JsonNode replay = replay(server, "{\"group\":\"" + group + "\",\"to\":\"2\"}");

      assertTotals(replay, Map.of("fixed", 2, "still_failing", 1));
      assertThat(replay.path("results").get(0).path("status").asText()).as("the telling ones come first").isEqualTo("still_failing");
      assertThat(replay.path("results").findValuesAsText("confirmed")).containsOnly("true");
      assertThat(replay.path("progress").path("done").asInt()).isEqualTo(3).isEqualTo(replay.path("progress").path("total").asInt());
    }
  }

  @Test
  void allThatIsKeptShowsWhatACandidateWouldBreakAndChange() throws Exception {
    model(folder, "risk", "1", scaled(1), "");
    model(folder, "risk", "2", scaled(1.5f), "outputs: {y: {range: [-1000, 30]}}\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (String values : List.of("0,0,0", "1,2,3", "10,20,30")) {
        server.served("risk/versions/1", row(values));
      }
      server.fault("risk/versions/1", inputs(input("x", "FP32", "[1,2]", "[1,2]")));

      JsonNode replay = replay(server, "{\"all\":true,\"to\":\"2\"}");

      assertTotals(replay, Map.of("unchanged", 1, "changed", 1, "newly_failing", 1, "still_failing", 1));
      JsonNode changed = result(replay, "changed");
      assertThat(changed.path("differences").get(0).path("summary").asText()).contains("'y'", "9.0", "6.0");
      assertThat(changed.path("differences").get(0).path("max_abs_error").asDouble()).isEqualTo(3);
      assertThat(result(replay, "newly_failing").path("after").get(0).path("code").asText()).isEqualTo("check.range");
      JsonNode output = replay.path("outputs").get(0);
      assertThat(output.path("name").asText()).isEqualTo("y");
      assertThat(output.path("compared").asInt()).isEqualTo(2);
      assertThat(output.path("different").asInt()).isEqualTo(1);

      assertTotals(replay(server, "{\"all\":true,\"to\":\"2\",\"rtol\":0.6}"), Map.of("unchanged", 2, "newly_failing", 1, "still_failing", 1));
    }
  }

  @Test
  void aServedRequestIsHeldAgainstWhatWasKeptOfItsAnswer() throws Exception {
    model(folder, "risk", "1", sum(), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", row("1,2,3"));
      assertTotals(replay(server, "{\"all\":true}"), Map.of("unchanged", 1));

      Files.write(folder.resolve("models/risk/1/model.onnx"), scaled(2).bytes());
      JsonNode replay = replay(server, "{\"all\":true}");

      assertTotals(replay, Map.of("changed", 1));
      assertThat(replay.path("results").get(0).path("confirmed").asBoolean()).as("the file that answered is gone").isFalse();
    }
  }

  @Test
  void outputsThatChangeFromRunToRunAreNoise() throws Exception {
    GraphBuilder dice = GraphBuilder.named("dice")
        .input("x", ElementType.FLOAT, "n", 3)
        .node("dice", "RandomUniformLike", List.of("x"), List.of("r"), Attribute.ofFloat("low", 1), Attribute.ofFloat("high", 2))
        .node("total", "ReduceSum", List.of("r"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
    model(folder, "dice", "1", dice, "");
    model(folder, "dice", "2", dice, "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int i = 0; i < 20; i++) {
        server.served("dice/versions/1", row("1,2,3"));
      }
      JsonNode totals = replay(server, "{\"all\":true,\"to\":\"2\"}").path("totals");

      assertThat(totals.path("unchanged").asInt()).as(totals.toString()).isGreaterThan(10);
    }
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    model(folder, "risk", "1", embedding(249), "side_effects: true\n");
    model(folder, "sum", "1", sum(), "inputs: {x: {columns: [a, b, c], finite: true}}\nredact: [x.a]\n");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String effect = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));
      server.served("sum", row("7,8,9"));

      assertMissing(replay(server, "{\"fault\":\"" + effect + "\"}"), "side_effects");
      assertMissing(replay(server, "{\"all\":true,\"model\":\"sum\"}"), "redacted");
      assertTotals(replay(server, "{\"all\":true,\"model\":\"sum\",\"limit\":1}"), Map.of("unresolved", 1));
    }
  }

  @Test
  void aVersionThatIsGoneLeavesTheRecordToSpeak() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    model(folder, "risk", "2", embedding(320), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = server.fault("risk/versions/1", request("[3,17,312,5]", "[9,9,9,9]"));
      Files.delete(folder.resolve("models/risk/1/model.onnx"));

      assertMissing(replay(server, "{\"fault\":\"" + fault + "\"}"), "version_unloaded");
      JsonNode replay = replay(server, "{\"fault\":\"" + fault + "\",\"to\":\"2\"}");
      assertTotals(replay, Map.of("fixed", 1));
      assertThat(replay.path("results").get(0).path("confirmed").asBoolean()).isFalse();
    }
  }

  @Test
  void faultsOutliveTheProcessAndCanStillBeReplayed() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    String fault;
    try (var server = new InvestigatingServer(folder, Map.of())) {
      fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));
    }
    try (var server = new InvestigatingServer(folder, Map.of())) {
      assertTotals(replay(server, "{\"fault\":\"" + fault + "\"}"), Map.of("reproduced", 1));
    }
  }

  @Test
  void whatCannotBeAskedForIsRefusedAsAProblem() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    model(folder, "sum", "1", sum(), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));

      assertRefused(server, "{}", 400, "nothing to replay");
      assertRefused(server, "{\"all\":true,\"group\":\"FL-1\"}", 400, "2 things");
      assertRefused(server, "{\"all\":true,\"too\":\"1\"}", 400, "'too'");
      assertRefused(server, "{\"all\":true,\"to\":\"1\"}", 400, "expected: 'model', one of risk, sum");
      assertRefused(server, "{\"all\":true,\"rtol\":-1}", 400, "'rtol' is -1");
      assertRefused(server, "{\"all\":true,\"limit\":0}", 400, "1 to 10000");
      assertRefused(server, "{\"all\":true,\"model\":\"rusk\"}", 404, "no model 'rusk'");
      assertRefused(server, "{\"fault\":\"flt_none\"}", 404, "no fault 'flt_none'");
      assertRefused(server, "{\"capture\":\"cap_none\"}", 404, "no capture 'cap_none'");
      assertRefused(server, "{\"group\":\"FL-9\"}", 404, "no group 'FL-9'");
      assertRefused(server, "{\"fault\":\"" + fault + "\",\"to\":\"9\"}", 404, "has no version '9' (expected: one of 1)");
      assertThat(server.admin("GET", "/replays/rep_none", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aReplayThatIsOverIsRememberedAndCannotBeTakenBack() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String id = replay(server, "{\"fault\":\"" + server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]")) + "\"}").path("id").asText();
      assertThat(server.get("/replays").path("items").findValuesAsText("id")).containsExactly(id);
      assertThat(server.admin("DELETE", "/replays/" + id, "").statusCode()).isEqualTo(409);
    }
  }

  @Test
  void theDocumentIsWhatItsSchemaSays() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    model(folder, "risk", "2", embedding(320), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.fault("risk/versions/1", request("[3,17,312,5]", "[9,9,9,9]"));
      server.served("risk/versions/1", request("[3,17,2,5]", "[9,9,9,9]"));
      SchemaCheck.assertFits(Path.of("..", "docs", "schemas", "replay.v1.schema.json"), replay(server, "{\"all\":true,\"to\":\"2\"}"));
    }
  }

  /// `x` times a factor, summed.
  private static GraphBuilder scaled(float factor) {
    return GraphBuilder.named("scaled")
        .input("x", ElementType.FLOAT, "n", 3)
        .initializer("factor", new float[] {factor}, 1)
        .node("scale", "Mul", List.of("x", "factor"), List.of("s"))
        .node("total", "ReduceSum", List.of("s"), List.of("y"), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT);
  }

  private static JsonNode replay(InvestigatingServer server, String asked) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/replays", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode ended = server.over("/replays/", MAPPER.readTree(answer.body()));
    assertThat(ended.path("state").asText()).as(ended.toPrettyString()).isEqualTo("DONE");
    return ended;
  }

  private static void assertTotals(JsonNode replay, Map<String, Integer> expected) {
    replay.path("totals").properties().forEach(total ->
        assertThat(total.getValue().asInt()).as("%s of %s", total.getKey(), replay.toPrettyString()).isEqualTo(expected.getOrDefault(total.getKey(), 0)));
  }

  private static void assertMissing(JsonNode replay, String reason) {
    assertThat(replay.path("totals").path("unresolved").asInt()).as(replay.toPrettyString()).isPositive();
    assertThat(replay.path("missing").findValuesAsText("reason")).containsExactly(reason);
    assertThat(replay.path("missing").get(0).path("text").asText()).isNotEmpty();
  }

  private static JsonNode result(JsonNode replay, String status) {
    for (JsonNode result : replay.path("results")) {
      if (result.path("status").asText().equals(status)) {
        return result;
      }
    }
    throw new AssertionError("no result is " + status + ": " + replay.toPrettyString());
  }

  private static void assertRefused(InvestigatingServer server, String asked, int status, String saying) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/replays", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(MAPPER.readTree(answer.body()).path("detail").asText()).contains(saying);
  }
}
