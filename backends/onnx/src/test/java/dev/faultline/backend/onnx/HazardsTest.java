package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.backend.onnx.Hazard.Protection;
import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HazardsTest {

  @TempDir private Path folder;

  @Test
  void theEngineStillDiesOfIt() throws Exception {
    ChildJvm child = ChildJvm.run(folder.resolve("home"), "overflow");
    assertThat(child.exit()).isNotZero();
    assertThat(child.said()).contains("SIGFPE");
  }

  private static GraphBuilder division(String op, Attribute... attributes) {
    return GraphBuilder.named("d")
        .input("a", INT64, "n")
        .input("b", INT64, "m")
        .node("share", op, List.of("a", "b"), List.of("y"), attributes)
        .output("y", INT64, "n");
  }

  @ParameterizedTest
  @CsvSource({"Div", "Mod"})
  void theSmallestIntegerByMinusOneIsRefused(String op) throws Exception {
    Tensor a = Tensor.longs("a", Shape.of(2), 5, Long.MIN_VALUE);
    Tensor b = Tensor.longs("b", Shape.of(1), -1);
    InferFault.NodeFailed fault = Models.nodeFailed(division(op), a, b);
    assertThat(fault.at().name()).isEqualTo("share");
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.culprits()).extracting(Field::path).containsExactly("inputs/b[0]", "inputs/a[1]");
  }

  @Test
  void theSmallestIntegerByAnythingElseIsServed() throws Exception {
    Tensor a = Tensor.longs("a", Shape.of(1), Long.MIN_VALUE);
    assertThat(Models.run(division("Div"), a, Tensor.longs("b", Shape.of(1), 2)).outputs().getFirst().longAt(0)).isEqualTo(Long.MIN_VALUE / 2);
    assertThat(Models.run(division("Mod", Attribute.ofInt("fmod", 1)), a, Tensor.longs("b", Shape.of(1), -1)).outputs().getFirst().longAt(0)).isZero();
  }

  @Test
  void aNotANumberThatACastTurnsIntoTheSmallestIntegerIsRefusedToo() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("d").input("a", FLOAT, "n").initializer("b", new long[] {-1}).node("whole", "Cast", List.of("a"), List.of("w"), Attribute.ofType("to", INT64))
            .node("share", "Div", List.of("w", "b"), List.of("y")).output("y", INT64, "n");
    Fault fault = Models.fault(graph, Tensor.floats("a", Shape.of(1), Float.NaN));
    assertThat(fault.field().orElseThrow().path()).isEqualTo("inputs/a[0]");
  }

  @Test
  void aDivisionWhoseOperandsAreComputedIsListedAsUnprotected() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("d").input("a", INT32, "n").input("b", INT32, "n").node("more", "Add", List.of("a", "b"), List.of("s")).node("share", "Div", List.of("s", "b"), List.of("y")).output("y", INT32, "n");
    try (OnnxModel model = Models.load(graph)) {
      assertThat(model.hazards()).extracting(Hazard::protection).containsExactly(Protection.NONE);
      assertThat(model.facts().metadata().get("faultline.hazards")).contains("the smallest integer divided by -1 in node share (Div, #1) (kills the process)");
    }
  }

  @Test
  void aDivisionThatCannotOverflowIsNoHazard() throws Exception {
    GraphBuilder halves = GraphBuilder.named("d").input("a", INT64, "n").initializer("two", new long[] {2}).node("half", "Div", List.of("a", "two"), List.of("y")).output("y", INT64, "n");
    GraphBuilder floats = GraphBuilder.named("d").input("a", FLOAT, "n").input("b", FLOAT, "n").node("share", "Div", List.of("a", "b"), List.of("y")).output("y", FLOAT, "n");
    for (GraphBuilder graph : List.of(halves, floats)) {
      try (OnnxModel model = Models.load(graph)) {
        assertThat(model.hazards()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"LSTM,4", "GRU,3"})
  void aRecurrentModelWithoutRowsIsRefused(String op, int gates) throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("r").input("x", FLOAT, "time", "batch", 3).initializer("w", new float[gates * 6], 1, gates * 2L, 3).initializer("r", new float[gates * 4], 1, gates * 2L, 2)
            .node("memory", op, List.of("x", "w", "r"), List.of("y"), Attribute.ofInt("hidden_size", 2)).output("y");
    InferFault.NodeFailed fault = Models.nodeFailed(graph, Tensor.floats("x", Shape.of(2, 0, 3)));
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.culprits()).extracting(Field::path).containsExactly("inputs/x");
    assertThat(Models.run(graph, Tensor.floats("x", Shape.of(1, 1, 3), 1, 2, 3)).outputs()).hasSize(1);
  }
}
