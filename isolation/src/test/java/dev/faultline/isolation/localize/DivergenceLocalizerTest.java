package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.isolation.localize.DivergenceFinding.Introduced;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DivergenceLocalizerTest {

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @Test
  void onlyTheNodeThatChangedIsNamedAndNotThoseBehindIt() {
    Introduced found = introduced(layers(1e-5f, 100, ""), layers(10, 100, ""));
    assertThat(found.nodes()).singleElement().satisfies(node -> {
      assertThat(node.node().name()).isEqualTo("norm");
      assertThat(node.changes()).singleElement().satisfies(change -> assertThat(change.words()).startsWith("epsilon of norm"));
      assertThat(node.alone()).isGreaterThan(DivergenceLocalizer.ERROR_MIN);
    });
    assertThat(found.compared()).isEqualTo(102);
  }

  @Test
  void renamedNodesAreMatchedByWhatTheyCompute() {
    Introduced found = introduced(layers(1e-5f, 20, ""), layers(10, 20, "new_"));
    assertThat(found.nodes()).extracting(node -> node.node().name()).containsExactly("new_norm");
    assertThat(found.nodes()).extracting(node -> node.before().name()).containsExactly("norm");
  }

  @Test
  void equalVersionsAreAlike() {
    DivergenceFinding finding = compare(layers(1e-5f, 20, ""), layers(1e-5f, 20, "other_"));
    assertThat(finding).isInstanceOfSatisfying(DivergenceFinding.Alike.class, alike -> {
      assertThat(alike.compared()).isEqualTo(22);
      assertThat(alike.added()).extracting(NodeRef::name).isEmpty();
    });
  }

  @Test
  void errorsWithoutAndWithInfinitiesAreMeasured() {
    Tensor one = Tensor.floats("v", Shape.of(2), 3, 4);
    assertThat(DivergenceLocalizer.distance(one, one)).isZero();
    assertThat(DivergenceLocalizer.distance(one, Tensor.floats("v", Shape.of(2), 3, 9))).isBetween(0.999999, 1.0);
    assertThat(DivergenceLocalizer.distance(one, Tensor.floats("v", Shape.of(2), 3, Float.NaN))).isInfinite();
    assertThat(DivergenceLocalizer.distance(one, Tensor.floats("v", Shape.of(1), 3))).isInfinite();
    assertThat(DivergenceLocalizer.distance(Tensor.longs("v", Shape.of(4), 1, 2, 3, 4), Tensor.longs("v", Shape.of(4), 1, 2, 3, 5))).isEqualTo(0.25);
  }

  private Introduced introduced(GraphBuilder good, GraphBuilder bad) {
    DivergenceFinding finding = compare(good, bad);
    assertThat(finding).isInstanceOf(Introduced.class);
    return (Introduced) finding;
  }

  private DivergenceFinding compare(GraphBuilder good, GraphBuilder bad) {
    Tensor x = Tensor.floats("x", Shape.of(2, 4), 1, 2, 3, 4, -4, 3, 9, 1);
    return new DivergenceLocalizer(bed.laboratory())
        .localize(bed.artifact("1", good.build()), bed.artifact("2", bad.build()), List.of(x), Bed.budget());
  }

  private static GraphBuilder layers(float epsilon, int depth, String prefix) {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 4)
            .initializer(prefix + "scale", new float[] {1, 2, 3, 4}, 4)
            .initializer(prefix + "shift", new float[] {0, 1, 0, 1}, 4)
            .node(prefix + "first", "Sigmoid", List.of("x"), List.of(prefix + "f"))
            .node(
                prefix + "norm", "LayerNormalization", List.of(prefix + "f", prefix + "scale", prefix + "shift"), List.of(prefix + "h"),
                Attribute.ofFloat("epsilon", epsilon));
    String value = prefix + "h";
    for (int i = 0; i < depth; i++) {
      String next = prefix + "v" + i;
      model.node(prefix + "layer" + i, i % 2 == 0 ? "Tanh" : "Sinh", List.of(value), List.of(next));
      value = next;
    }
    return model.output(value);
  }
}
