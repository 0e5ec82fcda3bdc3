package dev.faultline.graph;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.NodeRef;
import java.util.List;
import org.junit.jupiter.api.Test;

class RiskLintTest {

  @Test
  void unguardedFunctionsAreRisksAndGuardedOnesAreNot() {
    Graph graph =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 3)
            .initializer("one", new float[] {1}, 1)
            .initializer("std", new float[] {1, 2, 3}, 3)
            .initializer("two", new float[] {2}, 1)
            .initializer("axes", new long[] {1}, 1)
            .node("raw_log", "Log", List.of("x"), List.of("a"))
            .node("positive", "Relu", List.of("x"), List.of("r"))
            .node("shifted", "Add", List.of("r", "one"), List.of("p"))
            .node("safe_log", "Log", List.of("p"), List.of("b"))
            .node("square", "Pow", List.of("x", "two"), List.of("q"))
            .node("safe_root", "Sqrt", List.of("q"), List.of("c"))
            .node("raw_root", "Sqrt", List.of("x"), List.of("d"))
            .node("scale", "Div", List.of("x", "std"), List.of("e"))
            .node("ratio", "Div", List.of("one", "x"), List.of("f"))
            .node("top", "ReduceMax", List.of("x"), List.of("m"), Attribute.ofInts("axes", 1))
            .node("less", "Sub", List.of("x", "m"), List.of("l"))
            .node("safe_exp", "Exp", List.of("l"), List.of("g"))
            .node("raw_exp", "Exp", List.of("x"), List.of("h"))
            .output("a")
            .output("b")
            .output("c")
            .output("d")
            .output("e")
            .output("f")
            .output("g")
            .output("h")
            .build();
    assertThat(named(graph, Risk.Kind.DOMAIN)).containsExactly("raw_log", "raw_root", "ratio");
    assertThat(named(graph, Risk.Kind.OVERFLOW)).containsExactly("raw_exp");
  }

  @Test
  void integerDivisionsLookupsTextAndNarrowCastsAreRisks() {
    Graph graph =
        GraphBuilder.named("m")
            .input("i", ElementType.INT64, "n")
            .input("t", ElementType.STRING, "n")
            .input("d", ElementType.DOUBLE, "n")
            .initializer("table", new float[] {1, 2}, 2)
            .initializer("zero", new long[] {0}, 1)
            .initializer("one", new long[] {1}, 1)
            .node("share", "Div", List.of("one", "i"), List.of("a"))
            .node("rest", "Mod", List.of("i", "one"), List.of("b"))
            .node("free", "Gather", List.of("table", "i"), List.of("c"))
            .node("held", "Clip", List.of("i", "zero", "one"), List.of("k"))
            .node("kept", "Gather", List.of("table", "k"), List.of("e"))
            .node("parse", "Cast", List.of("t"), List.of("f"), Attribute.ofType("to", ElementType.FLOAT))
            .node("narrow", "Cast", List.of("d"), List.of("g"), Attribute.ofType("to", ElementType.FLOAT))
            .output("a")
            .output("b")
            .output("c")
            .output("e")
            .output("f")
            .output("g")
            .build();
    assertThat(named(graph, Risk.Kind.DIVISION)).containsExactly("share");
    assertThat(named(graph, Risk.Kind.CRASH)).containsExactly("share");
    assertThat(named(graph, Risk.Kind.LOOKUP)).containsExactly("free");
    assertThat(named(graph, Risk.Kind.TEXT)).containsExactly("parse");
    assertThat(named(graph, Risk.Kind.PRECISION)).containsExactly("narrow");
    assertThat(RiskLint.find(graph).getFirst().kind()).isEqualTo(Risk.Kind.CRASH);
  }

  @Test
  void bodiesAreReadAndLaunderersListed() {
    GraphBuilder then = GraphBuilder.named("then").node("inner", "Sqrt", List.of("h"), List.of("s")).output("s", ElementType.FLOAT, "n");
    GraphBuilder otherwise = GraphBuilder.named("else").node("same", "Identity", List.of("h"), List.of("s")).output("s", ElementType.FLOAT, "n");
    Graph graph =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .input("c", ElementType.BOOL)
            .node("copy", "Neg", List.of("x"), List.of("h"))
            .node("choice", "If", List.of("c"), List.of("z"), Attribute.ofBody("then_branch", then), Attribute.ofBody("else_branch", otherwise))
            .node("best", "ArgMax", List.of("z"), List.of("y"))
            .output("y", ElementType.INT64, 1)
            .build();
    Risk inner = RiskLint.find(graph).stream().filter(risk -> risk.kind() == Risk.Kind.DOMAIN).findFirst().orElseThrow();
    assertThat(inner.at().node().name()).isEqualTo("inner");
    assertThat(inner.at().scope()).extracting(NodeRef::name).containsExactly("choice");
    assertThat(named(graph, Risk.Kind.LAUNDERING)).containsExactly("best");
  }

  private static List<String> named(Graph graph, Risk.Kind kind) {
    return RiskLint.find(graph).stream().filter(risk -> risk.kind() == kind).map(risk -> risk.at().node().name()).toList();
  }
}
