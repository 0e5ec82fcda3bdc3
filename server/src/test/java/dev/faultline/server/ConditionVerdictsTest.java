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

/// Which values, words and lengths a verdict names, over the admin API, with the real engine.
class ConditionVerdictsTest {
  private static final String WORDS = """
      inputs:
        words: {datatype: BYTES, shape: [batch, length]}
      preprocess:
        - {name: word_ids, step: lookup, input: words, table: {the: 0, sea: 1, is: 2, calm: 3}}
      """;
  @TempDir Path folder;

  @Test
  void aWordIsBlamedAndNotTheTextAlsoWhereNoTextIsAsLong() throws Exception {
    model(folder, "texts", "1", texts(), WORDS);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("texts", words("the", "sea", "is", "calm"));
      server.served("texts", words("the", "sea", "is"));
      server.served("texts", words("calm", "is", "the", "sea"));
      server.fault("texts", words("the", "lake", "is", "calm", "the", "sea"));
      server.fault("texts", words("pond", "is", "calm"));
      String fault = server.fault("texts", words("the", "sea", "is", "calm", "the", "river", "is"));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("confidence").asText()).as(verdict.toPrettyString()).isEqualTo("VERIFIED");
      assertThat(verdict.path("step").toString()).contains("word_ids");
      assertThat(verdict.path("fields")).hasSize(1);
      assertThat(verdict.path("fields").get(0).path("path").asText()).isEqualTo("inputs/words[0,5]");
      JsonNode condition = verdict.path("conditions").get(0);
      assertThat(condition.path("dimension").asText()).isEqualTo("field:words");
      assertThat(condition.path("operator").asText()).isEqualTo("not in");
      assertThat(condition.path("value")).extracting(JsonNode::asText).containsExactlyInAnyOrder("the", "sea", "is", "calm");
    }
  }

  @Test
  void aTextThatIsTooShortIsBlamedForItsLength() throws Exception {
    GraphBuilder signal = GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "batch", 1, "length")
        .initializer("w", new float[] {1, 1, 1, 1}, 1, 1, 4)
        .node("/conv", "Conv", List.of("x", "w"), List.of("maps"), Attribute.ofInts("kernel_shape", 4))
        .node("/pool", "GlobalAveragePool", List.of("maps"), List.of("y"))
        .output("y", ElementType.FLOAT, "batch", 1, 1);
    model(folder, "signal", "1", signal, "");
    try (var server = new InvestigatingServer(folder, Map.of())) {
      server.served("signal", inputs(input("x", "FP32", "[1,1,7]", "[1,2,3,4,5,6,7]")));
      server.served("signal", inputs(input("x", "FP32", "[1,1,9]", "[1,2,3,4,5,6,7,8,9]")));
      String fault = server.fault("signal", inputs(input("x", "FP32", "[1,1,2]", "[5,6]")));

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("conditions").toString()).as(verdict.toPrettyString()).isEqualTo("[{\"dimension\":\"shape:x\",\"operator\":\"<=\",\"value\":3}]");
    }
  }

  @Test
  void whatCannotBeReadNamesItsInputAndNoCondition() throws Exception {
    model(folder, "texts", "1", texts(), WORDS);
    try (var server = new InvestigatingServer(folder, Map.of())) {
      String fault = server.fault("texts", "{\"inputs\":[{\"name\":\"words\",\"datatype\":\"BYTES\",\"shape\":[1,1],\"data\":[\"the\"],\"data\":[\"sea\"]}]}");

      JsonNode verdict = server.verdict(fault);

      assertThat(verdict.path("cause").asText()).as(verdict.toPrettyString()).isEqualTo("INPUT");
      assertThat(verdict.path("confidence").asText()).isEqualTo("SUSPECTED");
      assertThat(verdict.path("fields")).hasSize(1);
      assertThat(verdict.path("fields").get(0).path("tensor").asText()).isEqualTo("words");
      assertThat(verdict.path("fields").get(0).path("value").isNull()).isTrue();
      assertThat(verdict.path("conditions")).isEmpty();
    }
  }

  private static GraphBuilder texts() {
    return GraphBuilder.named("m")
        .input("words", ElementType.INT64, "batch", "length")
        .initializer("table", new float[] {1, 2, 3, 4}, 4, 1)
        .node("/gather", "Gather", List.of("table", "words"), List.of("vectors"))
        .node("/mean", "ReduceMean", List.of("vectors"), List.of("y"), Attribute.ofInts("axes", 1), Attribute.ofInt("keepdims", 0))
        .output("y", ElementType.FLOAT, "batch", 1);
  }

  private static String words(String... words) {
    return inputs(input("words", "BYTES", "[1," + words.length + "]", "[\"" + String.join("\",\"", words) + "\"]"));
  }
}
