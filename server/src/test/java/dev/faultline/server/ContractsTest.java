package dev.faultline.server;

import static dev.faultline.server.InvestigatingServer.model;
import static dev.faultline.server.InvestigationsTest.embedding;
import static dev.faultline.server.InvestigationsTest.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Contracts held against kept requests over the admin API, with the real engine.
class ContractsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path SCHEMA = Path.of("../docs/schemas/contract.v1.schema.json");

  @TempDir Path folder;

  @Test
  void everyKindOfLookFitsItsSchemaAndChangesNothing() throws Exception {
    model(folder, "risk", "1", embedding(249), "inputs: {x: {range: [0, 100]}}\n");
    Path file = folder.resolve("models/risk/1/contract.yaml");
    String before = Files.readString(file);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("risk", request("[3,17,4,5]", "[9,9,9,9]"));
      server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]"));
      server.fault("risk", request("[3,17,4,5]", "[9,9,9,900]"));
      for (String asked : List.of(
          "{\"do\":\"infer\",\"model\":\"risk\",\"risk\":0.97}",
          "{\"do\":\"check\",\"model\":\"risk\",\"contract\":\"inputs: {country_idx: {range: [0, 10]}}\"}",
          "{\"do\":\"diff\",\"model\":\"risk\",\"version\":1,\"contract\":\"inputs: {}\"}",
          "{\"do\":\"add\",\"model\":\"risk\",\"rule\":\"country_idx <= 248\"}")) {
        JsonNode look = look(server, asked);
        SchemaCheck.assertFits(SCHEMA, look);
        assertThat(look.path("result").isObject()).as(look.toPrettyString()).isTrue();
      }
      JsonNode check = look(server, "{\"do\":\"check\",\"model\":\"risk\",\"contract\":\"inputs: {country_idx: {range: [0, 10]}}\"}").path("result");
      assertThat(check.path("good").path("refused").asInt()).isEqualTo(1);
      assertThat(check.path("failed").toString()).isEqualTo("{\"requests\":1,\"caught\":1}");
      assertThat(check.path("refused").toString()).as("900 breaks the range in force, and this one refuses it for its index").isEqualTo("{\"requests\":1,\"accepted\":0}");
      assertThat(server.get("/contracts").path("items")).hasSize(5);
      assertThat(Files.readString(file)).isEqualTo(before);
      assertThat(server.get("/faults").path("items")).as("a look makes no fault of its own").hasSize(2);
    }
  }

  @Test
  void whatCannotBeLookedAtIsRefusedWithTheReason() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      assertRefused(server, "{\"do\":\"infer\",\"model\":\"nobody\"}", 404, "there is no model 'nobody' (expected: one of risk)");
      assertRefused(server, "{\"do\":\"dance\",\"model\":\"risk\"}", 400, "'do' is \\\"dance\\\" (expected: check, diff, infer or add)");
      assertRefused(server, "{\"do\":\"diff\",\"model\":\"risk\"}", 400, "a diff has another side");
      assertRefused(server, "{\"do\":\"check\",\"model\":\"risk\",\"contract\":\"inputs: {y: {}}\"}", 400, "contract.yaml: inputs.y: names no input of the graph");
      assertRefused(server, "{\"do\":\"add\",\"model\":\"risk\",\"rule\":\"x is nice\"}", 400, "'x is nice' is no rule");
      assertRefused(server, "{\"do\":\"infer\",\"model\":\"risk\",\"requests\":[{}]}", 400, "request 1 is neither a V2 request");
      assertThat(server.admin("POST", "/models/risk/versions/1/unload", "").statusCode()).isEqualTo(200);
      assertRefused(server, "{\"do\":\"infer\",\"model\":\"risk\",\"version\":\"1\"}", 409, "is not ready");
      assertThat(server.admin("GET", "/contracts/con_nothing", "").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aVerdictWithABoundaryNamesTheRuleThatRefusesIt() throws Exception {
    model(folder, "risk", "1", embedding(249), "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      for (int i = 0; i < 20; i++) {
        server.served("risk", request("[3,17," + i * 12 + ",5]", "[9,9,9,9]"));
      }
      JsonNode verdict = server.verdict(server.fault("risk", request("[3,17,312,5]", "[9,9,9,9]")));
      assertThat(verdict.path("mend").findValuesAsText("command")).as(verdict.toPrettyString()).contains("faultline contract add risk 'country_idx <= 248'");
    }
  }

  private static JsonNode look(InvestigatingServer server, String asked) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/contracts", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    JsonNode ended = server.over("/contracts/", MAPPER.readTree(answer.body()));
    assertThat(ended.path("state").asText()).as(ended.toString()).isEqualTo("DONE");
    return ended;
  }

  private static void assertRefused(InvestigatingServer server, String asked, int status, String reason) throws Exception {
    HttpResponse<String> answer = server.admin("POST", "/contracts", asked);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(reason);
  }
}
