package dev.faultline.graph;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

class GraphSliceTest {

  private static final Graph LOOKUP =
      GraphBuilder.named("m")
          .input("x", FLOAT, "batch", 2)
          .input("offset", INT64, "batch")
          .initializer("table", new float[] {1, 2, 3}, 3)
          .initializer("ten", new long[] {10})
          .node("add", "Add", List.of("offset", "ten"), List.of("index"))
          .node("lookup", "Gather", List.of("table", "index"), List.of("row"))
          .node("exp", "Exp", List.of("x"), List.of("e"))
          .output("row", FLOAT, "batch")
          .output("e", FLOAT, "batch", 2)
          .build();

  @Test
  void inputsOfAFailingNodeCanBeSeenWithoutRunningIt() throws Exception {
    Map<String, Object> offset = Map.of("offset", new long[] {-3});
    Node failing = LOOKUP.findNode("lookup").orElseThrow();
    Graph slice = GraphSlice.of(LOOKUP, failing.reads());
    try (Session whole = Session.of(LOOKUP); Session session = Session.of(slice)) {
      assertThatThrownBy(() -> whole.run(Map.of("x", new float[1][2], "offset", new long[] {-3})))
          .hasMessageContaining("Name:'lookup'");
      SequencedMap<String, Object> outputs = session.run(offset);
      assertThat((float[]) outputs.get("table")).containsExactly(1, 2, 3);
      assertThat((long[]) outputs.get("index")).containsExactly(7);
    }
  }

  @Test
  void sliceHoldsOnlyWhatItsOutputsNeed() {
    Graph slice = GraphSlice.of(LOOKUP, List.of("index"));
    assertThat(slice.nodes()).extracting(Node::name).containsExactly("add");
    assertThat(slice.inputs()).extracting(Value::name).containsExactly("offset");
    assertThat(slice.initializers()).containsOnlyKeys("ten");
    assertThat(slice.outputNames()).containsExactly("index");
  }

  @Test
  void graphInputCanBeAnOutputOfASlice() throws Exception {
    try (Session session = Session.of(GraphSlice.of(LOOKUP, List.of("x", "index")))) {
      SequencedMap<String, Object> outputs = session.run(Map.of("x", new float[][] {{5, 6}}, "offset", new long[] {1}));
      assertThat((float[][]) outputs.get("x")).isDeepEqualTo(new float[][] {{5, 6}});
    }
  }

  @Test
  void everyValueOfATrainedModelCanBeSlicedOutAndRun() throws Exception {
    Graph graph = GraphReader.read(TrainedModel.bytes());
    Map<String, Object> input = Map.of(graph.inputs().getFirst().name(), new float[][] {{4, 0, 0, 0}});
    Graph tapped = GraphTap.tap(graph, graph.nodes().stream().flatMap(node -> node.writes().stream()).toList());
    try (Session whole = Session.unoptimised(tapped)) {
      SequencedMap<String, Object> expected = whole.run(input);
      for (String value : tapped.outputNames()) {
        try (Session session = Session.unoptimised(GraphSlice.of(graph, List.of(value)))) {
          assertThat(session.run(input)).usingRecursiveComparison().isEqualTo(Map.of(value, expected.get(value)));
        }
      }
    }
  }

  @Test
  void whatABodyCapturesIsKept() throws Exception {
    GraphBuilder yes = GraphBuilder.named("t").node("", "Mul", List.of("h", "two"), List.of("t")).output("t", FLOAT, 1);
    GraphBuilder no = GraphBuilder.named("e").node("", "Neg", List.of("h"), List.of("e")).output("e", FLOAT, 1);
    Graph graph =
        GraphBuilder.named("m")
            .input("x", FLOAT, 1).input("flag", ElementType.BOOL)
            .initializer("two", new float[] {2}, 1)
            .node("exp", "Exp", List.of("x"), List.of("h"))
            .node("if", "If", List.of("flag"), List.of("y"), Attribute.ofBody("then_branch", yes), Attribute.ofBody("else_branch", no))
            .node("log", "Log", List.of("y"), List.of("z"))
            .output("z", FLOAT, 1)
            .build();
    Graph slice = GraphSlice.of(graph, List.of("y"));
    assertThat(slice.initializers()).containsOnlyKeys("two");
    try (Session session = Session.of(slice)) {
      assertThat((float[]) session.run(Map.of("x", new float[] {0}, "flag", true)).get("y")).containsExactly(2);
    }
  }
}
