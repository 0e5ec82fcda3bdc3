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

/// Groups that look different and are one fault, with the real engine.
class SameCauseTest {
  private static final String CONTRACT = "outputs: {y: {finite: true, mode: observe}, z: {range: [0, 100], mode: observe}}\n";

  @TempDir Path folder;

  @Test
  void groupsWithOneVerifiedCausePointAtEachOtherAlsoAfterARestart() throws Exception {
    GraphBuilder graph = GraphBuilder.named("log")
        .input("x", ElementType.FLOAT, "n", 3)
        .node("/log", "Log", List.of("x"), List.of("y"))
        .node("/out", "Abs", List.of("x"), List.of("z"))
        .output("y", ElementType.FLOAT, "n", 3)
        .output("z", ElementType.FLOAT, "n", 3);
    model(folder, "log", "1", graph, CONTRACT);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("log", row("1,2,3"));
      server.served("log", row("3,1,2"));
      String negative = server.verdict(server.fault("log", row("5,-4,3"))).path("group").asText();
      String huge = server.verdict(server.fault("log", row("5,4,999"))).path("group").asText();
      assertThat(negative).isNotEqualTo(huge);

      assertThat(server.get("/groups/" + negative).path("same_cause_as").toString()).isEqualTo("[\"" + huge + "\"]");
      assertThat(server.get("/groups/" + huge).path("same_cause_as").toString()).isEqualTo("[\"" + negative + "\"]");
      assertThat(server.get("/groups/" + huge).path("causes")).isEmpty();
    }
    try (var server = new InvestigatingServer(folder, Map.of())) {
      JsonNode groups = server.get("/groups").path("items");
      assertThat(groups).hasSize(2).allSatisfy(group -> assertThat(group.path("same_cause_as")).hasSize(1));
    }
  }

  private static String row(String values) {
    return inputs(input("x", "FP32", "[1,3]", "[" + values + "]"));
  }
}
