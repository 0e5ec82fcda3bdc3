package dev.faultline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.NodeRef;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnfoldingTest {

  @Test
  void aCallIsReplacedByItsFunctionAndComputesTheSame() throws Exception {
    Graph graph = NodeNames.complete(called());
    Unfolding unfolding = Unfolding.of(graph);
    assertThat(unfolding.graph().nodes()).extracting(Node::op).containsExactly("Relu", "Mul", "ReduceSum", "Identity", "Mul", "ReduceSum", "Identity", "Add");
    Node inner = unfolding.graph().nodes().get(5);
    assertThat(unfolding.place(inner).node()).isEqualTo(new NodeRef(-1, "total", "ReduceSum", "t"));
    assertThat(unfolding.place(inner).scope()).extracting(NodeRef::name).containsExactly("second");
    assertThat(run(unfolding.graph(), Map.of("x", new float[] {-1, 2, 3}))).isEqualTo(run(graph, Map.of("x", new float[] {-1, 2, 3})));
  }

  @Test
  void aBranchTakesTheIfsPlaceAndComputesTheSame() throws Exception {
    Graph graph = NodeNames.complete(branching());
    Node choice = graph.findNode("choice").orElseThrow();
    for (boolean taken : new boolean[] {true, false}) {
      Unfolding opened = Unfolding.of(graph).branch(choice, taken);
      assertThat(opened.graph().nodes()).extracting(Node::op).doesNotContain("If");
      Map<String, Object> inputs = Map.of("x", new float[] {1, 2}, "c", taken);
      assertThat(run(opened.graph(), Map.of("x", new float[] {1, 2}))).isEqualTo(run(graph, inputs));
    }
    assertThat(Unfolding.of(graph).findAround("shifted")).contains(choice);
  }

  @Test
  void anIterationOfALoopShowsWhatTheWholeLoopMadeThere() throws Exception {
    Graph graph = NodeNames.complete(looping());
    Node loop = graph.findNode("repeat").orElseThrow();
    float[] all = run(graph, Map.of("start", 1f));
    for (int i = 0; i < all.length; i++) {
      Unfolding opened = Unfolding.of(graph).iteration(loop, i);
      Node doubled = opened.graph().nodes().stream().filter(node -> opened.place(node).node().name().equals("twice")).findFirst().orElseThrow();
      assertThat(opened.place(doubled).scope()).extracting(NodeRef::name).containsExactly("repeat");
      Graph slice = GraphSlice.of(opened.graph(), doubled.writes());
      try (Session session = Session.unoptimised(slice)) {
        Map<String, Object> given = slice.inputs().isEmpty() ? Map.of() : Map.of("start", 1f);
        assertThat(session.run(given).values()).containsExactly(all[i]);
      }
    }
  }

  @Test
  void aShortenedLoopMakesSoManyRounds() throws Exception {
    Graph graph = NodeNames.complete(looping());
    Node loop = graph.findNode("repeat").orElseThrow();
    Graph three = Unfolding.of(graph).upTo(loop, 3);
    try (Session session = Session.unoptimised(three)) {
      assertThat(session.run(Map.of("start", 1f)).get("all")).isEqualTo(new float[] {2, 4, 8});
    }
  }

  @Test
  void anElementOfAScanIsOpenedFromEitherEnd() throws Exception {
    for (long direction : new long[] {0, 1}) {
      Graph graph = NodeNames.complete(scanning(direction));
      Node scan = graph.findNode("sweep").orElseThrow();
      float[] all = run(graph, Map.of("xs", new float[] {1, 2, 3, 4}));
      for (int i = 0; i < all.length; i++) {
        Unfolding opened = Unfolding.of(graph).iteration(scan, i);
        Node sum = opened.graph().nodes().stream().filter(node -> opened.place(node).node().name().equals("sum")).findFirst().orElseThrow();
        try (Session session = Session.unoptimised(GraphSlice.of(opened.graph(), sum.writes()))) {
          assertThat(session.run(Map.of("xs", new float[] {1, 2, 3, 4})).values()).containsExactly(all[i]);
        }
      }
    }
  }

  private static float[] run(Graph graph, Map<String, Object> inputs) throws Exception {
    try (Session session = Session.unoptimised(graph)) {
      return (float[]) session.run(inputs).firstEntry().getValue();
    }
  }

  private static Graph called() {
    GraphBuilder body =
        GraphBuilder.named("f")
            .node("square", "Mul", List.of("v", "v"), List.of("s"))
            .node("total", "ReduceSum", List.of("s"), List.of("t"), Attribute.ofIntParameter("keepdims", "keep"));
    return GraphBuilder.named("m")
        .opset("mine", 1)
        .function("mine", "Norm", List.of("v"), List.of("t"), body)
        .input("x", ElementType.FLOAT, "n")
        .node("positive", "Relu", List.of("x"), List.of("p"))
        .node("mine", "first", "Norm", List.of("p"), List.of("a"), Attribute.ofInt("keep", 1))
        .node("mine", "second", "Norm", List.of("a"), List.of("b"), Attribute.ofInt("keep", 1))
        .node("both", "Add", List.of("a", "b"), List.of("y"))
        .output("y")
        .build();
  }

  private static Graph branching() {
    GraphBuilder then =
        GraphBuilder.named("then")
            .initializer("one", new float[] {1})
            .node("shifted", "Add", List.of("h", "one"), List.of("t"))
            .output("t", ElementType.FLOAT, "n");
    GraphBuilder otherwise = GraphBuilder.named("else").node("turned", "Neg", List.of("h"), List.of("t")).output("t", ElementType.FLOAT, "n");
    return GraphBuilder.named("m")
        .input("x", ElementType.FLOAT, "n")
        .input("c", ElementType.BOOL)
        .node("copy", "Identity", List.of("x"), List.of("h"))
        .node("choice", "If", List.of("c"), List.of("t"), Attribute.ofBody("then_branch", then), Attribute.ofBody("else_branch", otherwise))
        .node("last", "Mul", List.of("t", "h"), List.of("y"))
        .output("y")
        .build();
  }

  private static Graph looping() {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("i", ElementType.INT64)
            .input("go", ElementType.BOOL)
            .input("v", ElementType.FLOAT)
            .node("on", "Identity", List.of("go"), List.of("go_out"))
            .node("twice", "Add", List.of("v", "v"), List.of("w"))
            .node("show", "Identity", List.of("w"), List.of("shown"))
            .output("go_out", ElementType.BOOL)
            .output("w", ElementType.FLOAT)
            .output("shown", ElementType.FLOAT);
    return GraphBuilder.named("m")
        .input("start", ElementType.FLOAT)
        .initializer("rounds", new long[] {5})
        .initializer("yes", new boolean[] {true})
        .node("repeat", "Loop", List.of("rounds", "yes", "start"), List.of("last", "all"), Attribute.ofBody("body", body))
        .output("all", ElementType.FLOAT, "rounds")
        .build();
  }

  private static Graph scanning(long direction) {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("s", ElementType.FLOAT)
            .input("x_i", ElementType.FLOAT)
            .node("sum", "Add", List.of("s", "x_i"), List.of("t"))
            .node("show", "Identity", List.of("t"), List.of("shown"))
            .output("t", ElementType.FLOAT)
            .output("shown", ElementType.FLOAT);
    return GraphBuilder.named("m")
        .input("xs", ElementType.FLOAT, "n")
        .initializer("zero", new float[] {0})
        .node(
            "sweep", "Scan", List.of("zero", "xs"), List.of("last", "all"), Attribute.ofBody("body", body), Attribute.ofInt("num_scan_inputs", 1),
            Attribute.ofInts("scan_input_directions", direction))
        .output("all", ElementType.FLOAT, "n")
        .build();
  }
}
