package dev.faultline.graph;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.faultline.graph.Launderer.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class LaunderersTest {

  @Test
  void watchingTheLogitsShowsWhatTheClassHides() throws Exception {
    Graph graph =
        model()
            .node("log", "Log", List.of("x"), List.of("logits"))
            .node("pick", "ArgMax", List.of("logits"), List.of("class"), Attribute.ofInt("axis", 1), Attribute.ofInt("keepdims", 0))
            .output("class", INT64, "batch")
            .build();

    List<Launderer> launderers = Launderers.find(graph);

    assertThat(launderers)
        .containsExactly(new Launderer(graph.nodes().get(1), Kind.RANKING, "logits", List.of("class")));
    try (Session session = Session.of(GraphTap.tap(graph, Launderers.watches(launderers)))) {
      SequencedMap<String, Object> outputs = session.run(Map.of("x", new float[][] {{-1, -1, -1}}));
      assertThat((long[]) outputs.get("class")).containsExactly(0);
      assertThat(Arrays.deepToString(new Object[] {outputs.get("logits")})).isEqualTo("[[[NaN, NaN, NaN]]]");
    }
  }

  @Test
  void comparisonBehindAWhereIsWatchedAndTheWhereIsNot() {
    Graph graph =
        model()
            .node("log", "Log", List.of("x"), List.of("h"))
            .initializer("zero", new float[] {0})
            .initializer("one", new float[] {1})
            .node("test", "Greater", List.of("h", "zero"), List.of("positive"))
            .node("choose", "Where", List.of("positive", "one", "zero"), List.of("y"))
            .output("y", FLOAT, "batch", 3)
            .build();
    assertThat(watches(graph)).containsExactly("h");
    assertThat(Launderers.find(graph)).extracting(launderer -> launderer.node().name()).containsExactly("test");
  }

  @Test
  void inputsConstantsAndMovedInputsAreNotWatched() {
    Graph graph =
        model()
            .initializer("k", new long[] {1}, 1)
            .initializer("w", new float[] {1, 2, 3}, 3)
            .node("", "ArgMax", List.of("x"), List.of("a"))
            .node("", "Transpose", List.of("x"), List.of("t"))
            .node("", "ArgMax", List.of("t"), List.of("b"))
            .node("", "Exp", List.of("w"), List.of("e"))
            .node("", "TopK", List.of("e", "k"), List.of("", "c"))
            .output("a").output("b").output("c")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void tableLookUpByARequestIsWatched() {
    Graph graph =
        GraphBuilder.named("m")
            .input("id", INT64, "batch")
            .initializer("table", new float[] {1, 2, Float.NaN, Float.NaN}, 2, 2)
            .node("embed", "Gather", List.of("table", "id"), List.of("row"))
            .node("pick", "ArgMax", List.of("row"), List.of("class"))
            .output("class")
            .build();
    assertThat(watches(graph)).containsExactly("row");
  }

  @Test
  void arithmeticOnShapesIsNotWatched() {
    Graph graph =
        model()
            .node("", "Shape", List.of("x"), List.of("shape"))
            .node("", "Cast", List.of("shape"), List.of("sizes"), Attribute.ofType("to", FLOAT))
            .node("", "Sqrt", List.of("sizes"), List.of("roots"))
            .node("", "Cast", List.of("roots"), List.of("wanted"), Attribute.ofType("to", INT64))
            .node("", "Expand", List.of("x", "wanted"), List.of("y"))
            .output("y")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void launderedValueOfWhichOnlyTheShapeIsUsedIsNotWatched() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "ArgMax", List.of("h"), List.of("i"))
            .node("", "Shape", List.of("i"), List.of("y"))
            .output("y")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void deliberateChecksAreNotLaunderers() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "IsNaN", List.of("h"), List.of("a"))
            .node("", "IsInf", List.of("h"), List.of("b"))
            .node("", "Equal", List.of("h", "h"), List.of("c"))
            .output("a", BOOL).output("b", BOOL).output("c", BOOL)
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void valueThatIsAnOutputAnywayIsNotWatched() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("scores"))
            .node("", "ArgMax", List.of("scores"), List.of("class"))
            .output("class").output("scores")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void valueReadByTwoLaunderersIsWatchedOnce() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "ArgMax", List.of("h"), List.of("a"))
            .node("", "ArgMin", List.of("h"), List.of("b"))
            .output("a").output("b")
            .build();
    assertThat(Launderers.find(graph)).hasSize(2);
    assertThat(watches(graph)).containsExactly("h");
  }

  @Test
  void castBetweenFloatsIsNotALaunderer() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "Cast", List.of("h"), List.of("y"), Attribute.ofType("to", ElementType.DOUBLE))
            .output("y")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void launderedIntegersAreNotWatched() {
    Graph graph =
        GraphBuilder.named("m")
            .input("n", INT64, "batch")
            .node("", "Abs", List.of("n"), List.of("h"))
            .node("", "ReduceMax", List.of("h"), List.of("y"))
            .output("y")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void valueOfUnknownTypeIsNotWatched() {
    Graph graph =
        model()
            .opset("my.domain", 1)
            .node("my.domain", "", "Mystery", List.of("x"), List.of("h"))
            .node("", "ArgMax", List.of("h"), List.of("y"))
            .output("y")
            .build();
    assertThat(Launderers.find(graph)).isEmpty();
  }

  @Test
  void declaredTypeHelpsWhereTheOperatorIsUnknown() {
    Graph graph =
        model()
            .opset("my.domain", 1)
            .node("my.domain", "", "Mystery", List.of("x"), List.of("h"))
            .valueInfo("h", FLOAT, "batch", 3)
            .node("", "ArgMax", List.of("h"), List.of("y"))
            .output("y")
            .build();
    assertThat(watches(graph)).containsExactly("h");
  }

  @Test
  void powerIsWatchedOnlyWhereItsExponentIsNotAConstant() {
    Graph graph =
        model()
            .initializer("two", new float[] {2})
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "Pow", List.of("h", "two"), List.of("a"))
            .node("", "Exp", List.of("a"), List.of("e"))
            .node("", "Pow", List.of("x", "e"), List.of("b"))
            .output("a").output("b")
            .build();
    assertThat(watches(graph)).containsExactly("e");
  }

  @Test
  void linearClassifierIsWatchedInItsScores() {
    assertThat(watches(classifier("LinearClassifier"))).containsExactly("scores");
  }

  @Test
  void svmWithProbabilitiesIsWatchedInItsInputBecauseItsScoresLaunderToo() {
    assertThat(watches(classifier("SVMClassifier", Attribute.ofFloats("prob_a", -1)))).containsExactly("h");
    assertThat(watches(classifier("SVMClassifier"))).containsExactly("scores");
  }

  @Test
  void treeEnsembleIsNotALaunderer() {
    assertThat(watches(classifier("TreeEnsembleClassifier"))).isEmpty();
  }

  @Test
  void conditionalThatComparesInsideIsWatchedInWhatItReads() {
    GraphBuilder compare =
        GraphBuilder.named("then").node("", "Greater", List.of("h", "x"), List.of("t")).output("t", BOOL, "batch", 3);
    GraphBuilder no =
        GraphBuilder.named("else").node("", "Greater", List.of("x", "x"), List.of("e")).output("e", BOOL, "batch", 3);
    Graph graph =
        model()
            .input("flag", BOOL)
            .node("", "Log", List.of("x"), List.of("h"))
            .node("if", "If", List.of("flag"), List.of("y"), Attribute.ofBody("then_branch", compare), Attribute.ofBody("else_branch", no))
            .output("y", BOOL, "batch", 3)
            .build();
    assertThat(Launderers.find(graph)).extracting(Launderer::kind, Launderer::watch)
        .containsExactly(tuple(Kind.BODY, "h"));
  }

  @Test
  void eachLaundererNamesTheOutputsItReaches() {
    Graph graph =
        model()
            .node("", "Log", List.of("x"), List.of("h"))
            .node("", "ArgMax", List.of("h"), List.of("i"))
            .node("", "Neg", List.of("i"), List.of("a"))
            .node("", "Abs", List.of("i"), List.of("b"))
            .node("", "Exp", List.of("h"), List.of("c"))
            .output("c").output("b").output("a")
            .build();
    assertThat(Launderers.find(graph)).extracting(Launderer::reaches).containsExactly(List.of("b", "a"));
  }

  private static Graph classifier(String op, Attribute... attributes) {
    return model()
        .node("", "Log", List.of("x"), List.of("h"))
        .mlNode("classify", op, List.of("h"), List.of("label", "scores"), attributes)
        .output("label", INT64, "batch")
        .build();
  }

  private static GraphBuilder model() {
    return GraphBuilder.named("m").input("x", FLOAT, "batch", 3);
  }

  private static List<String> watches(Graph graph) {
    return List.copyOf(Launderers.watches(Launderers.find(graph)));
  }
}
