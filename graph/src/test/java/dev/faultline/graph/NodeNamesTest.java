package dev.faultline.graph;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeNamesTest {

  private static final GraphBuilder LOOKUP =
      GraphBuilder.named("m")
          .input("i", INT64, "n")
          .initializer("table", new float[] {1, 2, 3}, 3)
          .node("", "Gather", List.of("table", "i"), List.of("row"))
          .node("", "Neg", List.of("row"), List.of("y"))
          .output("y", FLOAT, "n");

  @Test
  void runtimeErrorOfAnUnnamedNodeCarriesTheGivenName() throws Exception {
    Graph named = NodeNames.complete(LOOKUP.build());
    assertThat(named.nodes()).extracting(Node::name).containsExactly("Gather_0", "Neg_1");
    try (Session session = Session.of(named)) {
      assertThatThrownBy(() -> session.run(Map.of("i", new long[] {9})))
          .hasMessageContaining("running Gather node. Name:'Gather_0'");
    }
  }

  @Test
  void runtimeErrorInsideABodyCarriesTheGivenNameToo() throws Exception {
    GraphBuilder gather = GraphBuilder.named("t").node("", "Gather", List.of("table", "i"), List.of("t")).output("t", FLOAT, "n");
    GraphBuilder none = GraphBuilder.named("e").node("", "Cast", List.of("i"), List.of("e"), Attribute.ofType("to", FLOAT)).output("e", FLOAT, "n");
    Graph named =
        NodeNames.complete(
            GraphBuilder.named("m")
                .input("i", INT64, "n").input("flag", BOOL)
                .initializer("table", new float[] {1, 2, 3}, 3)
                .node("", "If", List.of("flag"), List.of("y"), Attribute.ofBody("then_branch", gather), Attribute.ofBody("else_branch", none))
                .output("y", FLOAT, "n")
                .build());
    try (Session session = Session.of(named)) {
      assertThatThrownBy(() -> session.run(Map.of("i", new long[] {9}, "flag", true)))
          .hasMessageContaining("running If node. Name:'If_0'")
          .hasMessageContaining("running Gather node. Name:'If_0/then_branch/Gather_0'");
    }
  }

  @Test
  void statedNamesStayAndAreNotTaken() {
    Graph named =
        NodeNames.complete(
            GraphBuilder.named("m")
                .input("x", FLOAT)
                .node("", "Neg", List.of("x"), List.of("a"))
                .node("Neg_0", "Neg", List.of("a"), List.of("b"))
                .node("same", "Neg", List.of("b"), List.of("c"))
                .node("same", "Neg", List.of("c"), List.of("d"))
                .node("same_2", "Neg", List.of("d"), List.of("e"))
                .build());
    assertThat(named.nodes()).extracting(Node::name).containsExactly("Neg_0_2", "Neg_0", "same", "same_3", "same_2");
  }

  @Test
  void equalGraphsGetEqualNamesAndNamingTwiceChangesNothing() {
    Graph once = NodeNames.complete(LOOKUP.build());
    assertThat(NodeNames.complete(LOOKUP.build()).model()).isEqualTo(once.model());
    assertThat(NodeNames.complete(once)).isSameAs(once);
  }
}
