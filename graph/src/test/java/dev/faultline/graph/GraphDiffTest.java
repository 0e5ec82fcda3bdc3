package dev.faultline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphDiffTest {

  @Test
  void aGraphDoesNotDifferFromItselfWhateverItsConstantsAreWrittenAs() {
    Graph initializer =
        GraphBuilder.named("m").input("x", ElementType.FLOAT, "n").initializer("k", new float[] {2}, 1).node("n", "Mul", List.of("x", "k"), List.of("y")).output("y").build();
    Graph constant =
        GraphBuilder.named("other name")
            .input("x", ElementType.FLOAT, "n")
            .node("made", "Constant", List.of(), List.of("k"), Attribute.ofTensor("value", new float[] {2}, 1))
            .node("n", "Mul", List.of("x", "k"), List.of("y"))
            .output("y")
            .build();
    assertThat(GraphDiff.of(initializer, initializer).changes()).isEmpty();
    assertThat(GraphDiff.of(initializer, constant).changes()).isEmpty();
  }

  @Test
  void everyKindOfChangeIsToldOnItsOwnLine() {
    GraphDiff diff = GraphDiff.of(model(1, 0.1f, 17, false), model(3, 0.2f, 18, true));
    assertThat(diff.changes()).extracting(Change::words).containsExactlyInAnyOrder(
        "k [1.0, 1.0, 1.0] -> [1.0, 1.0, 3.0] (1 of 3 elements)",
        "alpha of act (LeakyRelu, #1) 0.1 -> 0.2",
        "opset ai.onnx 17 -> 18",
        "0 nodes removed, 1 added, 0 rewired, the first added is more (Relu, #2)");
  }

  @Test
  void changesAreTakenBackOneByOneAndBroughtInOneByOne() throws Exception {
    GraphDiff diff = GraphDiff.of(model(1, 0.1f, 17, false), model(3, 0.2f, 17, false));
    GraphGraft graft = new GraphGraft(diff);
    Change weights = diff.changes().stream().filter(change -> change instanceof Change.Weights).findFirst().orElseThrow();
    Change argument = diff.changes().stream().filter(change -> change instanceof Change.Argument).findFirst().orElseThrow();
    assertThat(run(diff.good())).containsExactly(-0.1f, 1, 1);
    assertThat(run(diff.bad())).containsExactly(-0.2f, 1, 3);
    assertThat(run(graft.without(List.of(weights)))).containsExactly(-0.2f, 1, 1);
    assertThat(run(graft.without(List.of(argument)))).containsExactly(-0.1f, 1, 3);
    assertThat(run(graft.with(List.of(weights)))).containsExactly(-0.1f, 1, 3);
    assertThat(run(graft.with(List.of(weights, argument)))).containsExactly(-0.2f, 1, 3);
    assertThat(graft.slices(weights)).extracting(Change::words).containsExactly("k[2] 1.0 -> 3.0");
    assertThat(run(graft.without(graft.slices(weights)))).containsExactly(-0.2f, 1, 1);
  }

  @Test
  void aTableIsCutIntoRowsAndThenElements() {
    float[] before = new float[12];
    float[] after = before.clone();
    after[5] = 1;
    after[7] = 2;
    GraphDiff diff = GraphDiff.of(table(before), table(after));
    GraphGraft graft = new GraphGraft(diff);
    Change row = graft.slices(diff.changes().getFirst()).getFirst();
    assertThat(row.words()).isEqualTo("t[1] [0.0, 0.0, 0.0, 0.0] -> [0.0, 1.0, 0.0, 2.0] (2 of 4 elements)");
    assertThat(graft.slices(row)).extracting(Change::words).containsExactly("t[1,1] 0.0 -> 1.0", "t[1,3] 0.0 -> 2.0");
  }

  private static Graph table(float[] values) {
    return GraphBuilder.named("m")
        .input("i", ElementType.INT64, "n")
        .initializer("t", values, 3, 4)
        .node("pick", "Gather", List.of("t", "i"), List.of("y"))
        .output("y")
        .build();
  }

  private static Graph model(float last, float alpha, long opset, boolean longer) {
    GraphBuilder model =
        GraphBuilder.named("m")
            .opset("", opset)
            .input("x", ElementType.FLOAT, 3)
            .initializer("k", new float[] {1, 1, last}, 3)
            .node("scale", "Mul", List.of("x", "k"), List.of("s"))
            .node("act", "LeakyRelu", List.of("s"), List.of("a"), Attribute.ofFloat("alpha", alpha));
    return (longer ? model.node("more", "Relu", List.of("a"), List.of("r")).output("a").output("r") : model.output("a")).build();
  }

  private static float[] run(Graph graph) throws Exception {
    try (Session session = Session.of(graph)) {
      return (float[]) session.run(Map.of("x", new float[] {-1, 1, 1})).firstEntry().getValue();
    }
  }
}
