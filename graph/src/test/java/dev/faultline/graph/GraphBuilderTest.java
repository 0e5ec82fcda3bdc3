package dev.faultline.graph;

import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphBuilderTest {

  private static final GraphBuilder DENSE =
      GraphBuilder.named("m")
          .input("x", FLOAT, "batch", 2)
          .initializer("w", new float[] {1, 2, 3, 4}, 2, 2)
          .node("dense", "MatMul", List.of("x", "w"), List.of("h"))
          .output("h", FLOAT, "batch", 2)
          .metadata("author", "a test");

  @Test
  void builtModelRuns() throws Exception {
    try (Session session = Session.of(DENSE.build())) {
      float[][] h = (float[][]) session.run(Map.of("x", new float[][] {{1, 1}, {0, 2}})).get("h");
      assertThat(h).isDeepEqualTo(new float[][] {{4, 6}, {6, 8}});
    }
  }

  @Test
  void builtModelSaysWhatItIs() {
    Graph graph = DENSE.build();
    assertThat(graph.name()).isEqualTo("m");
    assertThat(graph.irVersion()).isEqualTo(9);
    assertThat(graph.opsets()).containsExactly(Map.entry("", 17L));
    assertThat(graph.producer()).isEqualTo("faultline");
    assertThat(graph.metadata()).containsExactly(Map.entry("author", "a test"));
    assertThat(graph.inputs())
        .containsExactly(
            new Value("x", new ValueType.Dense(FLOAT, List.of(new Dim.Symbolic("batch"), new Dim.Fixed(2)))));
    assertThat(graph.initializers())
        .containsExactly(
            Map.entry("w", new Initializer("w", FLOAT, List.of(2L, 2L), new Initializer.Storage.Embedded())));
  }

  @Test
  void classifierBringsItsOperatorSet() {
    Graph graph =
        GraphBuilder.named("m").mlNode("c", "LinearClassifier", List.of("x"), List.of("label", "scores")).build();
    assertThat(graph.opsets()).containsExactly(Map.entry("", 17L), Map.entry("ai.onnx.ml", 3L));
  }

  @Test
  void initializerThatDoesNotFillItsShapeIsRefused() {
    assertThatThrownBy(() -> GraphBuilder.named("m").initializer("w", new float[5], 2, 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("tensor 'w' has 5 elements (expected: 6 for shape [2, 3])");
  }

  @Test
  void dimensionThatIsNeitherSizeNorNameIsRefused() {
    assertThatThrownBy(() -> GraphBuilder.named("m").input("x", FLOAT, 1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.5").hasMessageContaining("whole number or a name");
  }
}
