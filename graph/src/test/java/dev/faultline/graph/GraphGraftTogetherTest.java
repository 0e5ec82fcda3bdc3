package dev.faultline.graph;

import static dev.faultline.graph.ElementType.FLOAT;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GraphGraftTogetherTest {
  @Test
  void attributesOfANodeWhoseListsGrewAreExchangedTogether() {
    List<List<Change>> groups = groups(List.of(1L), 1, List.of(1L, 2L), 0);

    assertThat(groups).hasSize(2);
    assertThat(groups).anySatisfy(group -> assertThat(group).hasSize(2).allMatch(change -> change instanceof Change.Argument));
    assertThat(groups).anySatisfy(group -> assertThat(group).singleElement().isInstanceOf(Change.Weights.class));
  }

  @Test
  void attributesThatKeepTheirLengthsAreExchangedOneByOne() {
    assertThat(groups(List.of(1L), 1, List.of(2L), 0)).hasSize(3).allMatch(group -> group.size() == 1);
  }

  private static List<List<Change>> groups(List<Long> goodAxes, long goodKept, List<Long> badAxes, long badKept) {
    return new GraphGraft(GraphDiff.of(graph(goodAxes, goodKept, 1), graph(badAxes, badKept, 2))).together();
  }

  private static Graph graph(List<Long> axes, long kept, float gain) {
    return GraphBuilder.named("m")
        .input("x", FLOAT, 1, 2, 3)
        .initializer("gain", new float[] {gain}, 1)
        .node("loud", "Mul", List.of("x", "gain"), List.of("louder"))
        .node("mean", "ReduceMean", List.of("louder"), List.of("y"), Attribute.ofInts("axes", axes.stream().mapToLong(Long::longValue).toArray()), Attribute.ofInt("keepdims", kept))
        .output("y")
        .build();
  }
}
