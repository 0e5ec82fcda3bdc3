package dev.faultline.graph;

import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class GraphTapTest {

  private static final GraphBuilder MODEL =
      GraphBuilder.named("m")
          .input("x", FLOAT, "batch", 3)
          .initializer("w", new float[] {1, 2, 3}, 3)
          .node("", "Constant", List.of(), List.of("one"), Attribute.ofFloat("value_float", 1))
          .node("", "Mul", List.of("x", "w"), List.of("a"))
          .node("", "Add", List.of("a", "one"), List.of("b"))
          .node("", "ArgMax", List.of("b"), List.of("i"), Attribute.ofInt("axis", 1))
          .node("", "Softmax", List.of("b"), List.of("y"))
          .output("y", FLOAT, "batch", 3);

  @Test
  void everyNodeOutputOfATrainedModelCanBeTappedAndTheAnswerStays() throws Exception {
    Graph graph = GraphReader.read(TrainedModel.bytes());
    List<String> all = graph.nodes().stream().flatMap(node -> node.writes().stream()).toList();
    Graph tapped = GraphTap.tap(graph, all);
    Map<String, Object> input = Map.of(graph.inputs().getFirst().name(), new float[][] {{4, 0, 0, 0}, {0, 0, 4, 1}});
    try (Session plain = Session.of(graph); Session session = Session.of(tapped)) {
      SequencedMap<String, Object> expected = plain.run(input);
      SequencedMap<String, Object> actual = session.run(input);
      assertThat(actual.keySet()).containsAll(all);
      for (String output : expected.keySet()) {
        assertThat((float[][]) actual.get(output)).isDeepEqualTo((float[][]) expected.get(output));
      }
    }
  }

  @Test
  void tappedFloatsLeaveOutConstantsIntegersAndOutputs() throws Exception {
    Graph tapped = GraphTap.tapFloats(MODEL.build());
    assertThat(tapped.outputNames()).containsExactly("y", "a", "b");
    try (Session session = Session.of(tapped)) {
      SequencedMap<String, Object> outputs = session.run(Map.of("x", new float[][] {{1, 1, 1}}));
      assertThat((float[][]) outputs.get("b")).isDeepEqualTo(new float[][] {{2, 3, 4}});
    }
  }

  @Test
  void whatIsVisibleAlreadyIsNotTappedAgain() {
    Graph tapped = GraphTap.tap(MODEL.build(), List.of("y", "x", "w", "one", "", "i", "i"));
    assertThat(tapped.outputNames()).containsExactly("y", "i");
  }

  @Test
  void unknownValueIsRefused() {
    assertThatThrownBy(() -> GraphTap.tap(MODEL.build(), List.of("logits")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no value 'logits'");
  }
}
