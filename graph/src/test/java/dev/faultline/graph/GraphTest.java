package dev.faultline.graph;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.faultline.graph.Initializer.Storage;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GraphTest {

  private static final Graph DIAMOND =
      GraphBuilder.named("diamond")
          .input("x", FLOAT, "batch", 2)
          .initializer("w", new float[] {1, 1}, 2)
          .node("last", "Add", List.of("left", "right"), List.of("y"))
          .node("right", "Mul", List.of("top", "w"), List.of("right"))
          .node("left", "Neg", List.of("top"), List.of("left"))
          .node("top", "Exp", List.of("x"), List.of("top"))
          .node("aside", "Abs", List.of("x"), List.of("z"))
          .output("y", FLOAT, "batch", 2)
          .build();

  @Test
  void nodesAreInTopologicalOrderWhateverTheFileSays() {
    assertThat(DIAMOND.nodes()).extracting(Node::name).containsExactly("top", "right", "left", "last", "aside");
    assertThat(DIAMOND.nodes()).extracting(Node::index).containsExactly(0, 1, 2, 3, 4);
    assertThat(DIAMOND.model().getGraph().getNode(3).getName()).isEqualTo("last");
  }

  @Test
  void reorderedModelRuns() throws Exception {
    try (Session session = Session.of(DIAMOND)) {
      float[][] y = (float[][]) session.run(Map.of("x", new float[][] {{0, 1}})).get("y");
      assertThat(y).isDeepEqualTo(new float[][] {{0, 0}});
    }
  }

  @Test
  void producersConsumersAndAncestorsFollowTheEdges() {
    assertThat(DIAMOND.findProducer("left")).hasValueSatisfying(node -> assertThat(node.op()).isEqualTo("Neg"));
    assertThat(DIAMOND.findProducer("x")).isEmpty();
    assertThat(DIAMOND.consumers("top")).extracting(Node::name).containsExactly("right", "left");
    assertThat(DIAMOND.consumers("y")).isEmpty();
    assertThat(DIAMOND.ancestors(List.of("left"))).extracting(Node::name).containsExactly("top", "left");
    assertThat(DIAMOND.ancestors(List.of("x", "w"))).isEmpty();
  }

  @Test
  void unknownValueIsAnsweredWithTheNearestOne() {
    assertThatThrownBy(() -> DIAMOND.ancestors(List.of("rihgt")))
        .isInstanceOf(GraphException.class)
        .hasMessage("the graph has no value 'rihgt' (did you mean 'right'?)");
  }

  @Test
  void valuesThatABodyReadsFromOutsideAreReadByTheControlNode() {
    GraphBuilder yes =
        GraphBuilder.named("yes")
            .initializer("own", new float[] {1}, 1)
            .node("", "Add", List.of("h", "own"), List.of("a"))
            .node("", "Mul", List.of("a", "factor"), List.of("t"))
            .output("t");
    GraphBuilder no = GraphBuilder.named("no").output("x");
    Graph graph =
        GraphBuilder.named("m")
            .input("x", FLOAT, 1)
            .input("flag", BOOL)
            .initializer("factor", new float[] {2}, 1)
            .node("if", "If", List.of("flag"), List.of("y"), Attribute.ofBody("then_branch", yes), Attribute.ofBody("else_branch", no))
            .node("log", "Log", List.of("x"), List.of("h"))
            .output("y")
            .build();
    assertThat(graph.nodes()).extracting(Node::name).containsExactly("log", "if");
    assertThat(graph.nodes().get(1).inputs()).containsExactly("flag");
    assertThat(graph.nodes().get(1).captures()).containsExactly("h", "factor", "x");
    assertThat(graph.nodes().get(1).reads()).containsExactly("flag", "h", "factor", "x");
    assertThat(graph.consumers("h")).extracting(Node::name).containsExactly("if");
    assertThat(graph.ancestors(List.of("y"))).hasSize(2);
  }

  @Test
  void initializerThatIsAlsoDeclaredAsInputIsNotAskedOfARequest() {
    Graph graph =
        GraphBuilder.named("m").input("x", FLOAT, 2).input("w", FLOAT, 2).initializer("w", new float[] {1, 2}, 2).build();
    assertThat(graph.inputs()).extracting(Value::name).containsExactly("x");
  }

  @Test
  void leftOutInputsAreKeptByPositionAndNotRead() {
    Graph graph = GraphBuilder.named("m").input("x", FLOAT).node("", "Clip", List.of("x", "", "x"), List.of("y")).build();
    assertThat(graph.nodes().getFirst().inputs()).containsExactly("x", "", "x");
    assertThat(graph.nodes().getFirst().reads()).containsExactly("x");
  }

  @Test
  void cycleIsRefusedAndANodeOfItIsNamed() {
    GraphBuilder cycle =
        GraphBuilder.named("m").node("a", "Neg", List.of("q"), List.of("p")).node("b", "Neg", List.of("p"), List.of("q"));
    assertThatThrownBy(cycle::build)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("node 0 'a' (Neg)").hasMessageContaining("without cycles");
  }

  @Test
  void valueMadeTwiceIsRefusedAndBothNodesAreNamed() {
    GraphBuilder twice =
        GraphBuilder.named("m").node("a", "Neg", List.of("x"), List.of("y")).node("b", "Abs", List.of("x"), List.of("y"));
    assertThatThrownBy(twice::build)
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("'y'").hasMessageContaining("0 'a' (Neg)").hasMessageContaining("1 'b' (Abs)");
  }

  @Test
  void externalInitializerNamesItsFile() {
    ModelProto.Builder model = GraphBuilder.named("m").build().model().toBuilder();
    model.getGraphBuilder()
        .addInitializer(
            TensorProto.newBuilder()
                .setName("w").setDataType(1).addDims(4)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue("w.bin")));
    Graph graph = Graph.of(model.build());
    assertThat(graph.initializers().values()).containsExactly(new Initializer("w", FLOAT, List.of(4L), new Storage.External("w.bin")));
    assertThat(graph.externalFiles()).containsExactly("w.bin");
  }

  @Test
  void valuesThatAreNoTensorsSayWhatTheyAre() {
    TypeProto map = TypeProto.newBuilder().setMapType(TypeProto.Map.newBuilder().setKeyType(7)).build();
    TypeProto sequence = TypeProto.newBuilder().setSequenceType(TypeProto.Sequence.newBuilder().setElemType(map)).build();
    ModelProto.Builder model = GraphBuilder.named("m").build().model().toBuilder();
    model.getGraphBuilder().addOutput(ValueInfoProto.newBuilder().setName("probabilities").setType(sequence));
    assertThat(Graph.of(model.build()).outputs())
        .containsExactly(new Value("probabilities", new ValueType.Other("sequence")));
  }
}
