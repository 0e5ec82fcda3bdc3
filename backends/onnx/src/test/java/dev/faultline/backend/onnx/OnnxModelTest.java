package dev.faultline.backend.onnx;

import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

final class OnnxModelTest {

  /// A label only: the logarithm's NaN never reaches an output.
  private static GraphBuilder labels() {
    return GraphBuilder.named("labels")
        .input("x", FLOAT, "batch", 3)
        .node("log", "Log", List.of("x"), List.of("scores"))
        .node("label", "ArgMax", List.of("scores"), List.of("y"), Attribute.ofInt("axis", 1))
        .output("y", INT64, "batch", 1);
  }

  @Test
  void aNanThatALabelHidesIsSeen() throws Exception {
    RunResult result = Models.run(labels(), Tensor.floats("x", Shape.of(1, 3), -1, -2, -3));
    assertThat(result.outputs()).extracting(Tensor::name).containsExactly("y");
    assertThat(result.outputs().getFirst().longAt(0)).as("a label that looks sound").isZero();
    RunResult.Watched watched = result.watched().getFirst();
    assertThat(watched.producer()).isEqualTo(new NodeRef(0, "log", "Log", "scores"));
    assertThat(watched.swallowedBy()).isEqualTo(new NodeRef(1, "label", "ArgMax", "y"));
    assertThat(watched.tensor().doubleAt(2)).isNaN();
  }

  @Test
  void whatIsFiniteThroughoutIsNotCarriedAlong() throws Exception {
    assertThat(Models.run(labels(), Tensor.floats("x", Shape.of(1, 3), 1, 2, 3)).watched()).isEmpty();
  }

  @Test
  void aChainOfManyNodesStopsBetweenTwo() throws Exception {
    try (OnnxModel model = Models.load(chain(4000));
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      var control = new RunControl();
      Tensor x = Tensor.floats("x", Shape.of(256, 256), new float[256 * 256]);
      Future<RunResult> run = thread.submit(() -> model.run(List.of(x), control));
      control.stop(StopReason.DEADLINE);
      assertThat(run).failsWithin(Duration.ofSeconds(10)).withThrowableThat().withCauseInstanceOf(FaultException.class).withMessageContaining("terminate");
      assertThat(model.run(List.of(x), new RunControl()).outputs()).as("the next run").hasSize(1);
    }
  }

  private static GraphBuilder chain(int length) {
    GraphBuilder graph = GraphBuilder.named("chain").input("x", FLOAT, 256, 256).initializer("w", new float[256 * 256], 256, 256);
    for (int i = 0; i < length; i++) {
      graph.node("mm" + i, "MatMul", List.of(i == 0 ? "x" : "h" + (i - 1), "w"), List.of("h" + i));
    }
    return graph.output("h" + (length - 1), FLOAT, 256, 256);
  }

  @Test
  void dimensionsAreFixedNamedOrFree() throws Exception {
    GraphBuilder graph = GraphBuilder.named("g").input("x", FLOAT, "batch", -1, 3).node("same", "Identity", List.of("x"), List.of("y")).output("y", FLOAT, "batch", -1, 3);
    try (OnnxModel model = Models.load(graph)) {
      List<Dimension> dimensions = List.of(new Dimension.Symbolic("batch"), new Dimension.Free(), new Dimension.Fixed(3));
      assertThat(model.inputs().getFirst().dimensions()).isEqualTo(dimensions);
      assertThat(model.outputs().getFirst().dimensions()).isEqualTo(dimensions);
      assertThat(model.unrankedOutputs()).isEmpty();
    }
  }

  @Test
  void anOutputOfUnknownRankIsToldApartFromAScalar() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("g").input("x", FLOAT, "n").input("s", INT64, "r").node("fold", "Reshape", List.of("x", "s"), List.of("y")).node("total", "ReduceSum", List.of("x"), List.of("z"), Attribute.ofInt("keepdims", 0))
            .output("y").output("z", FLOAT);
    try (OnnxModel model = Models.load(graph)) {
      assertThat(model.outputs()).extracting(TensorSpec::dimensions).containsExactly(List.of(), List.of());
      assertThat(model.unrankedOutputs()).containsExactly("y");
    }
  }

  @Test
  void factsAreThoseOfTheFile() throws Exception {
    GraphBuilder graph = labels().producer("pytorch", "2.4.0").metadata("team", "fraud").opset("", 18);
    try (OnnxModel model = Models.load(graph)) {
      assertThat(model.facts().platform()).isEqualTo("onnx_onnxv1");
      assertThat(model.facts().opset()).isEqualTo(18);
      assertThat(model.facts().nodes()).isEqualTo(2);
      assertThat(model.facts().producer()).isEqualTo("pytorch 2.4.0");
      assertThat(model.facts().metadata()).containsEntry("team", "fraud");
      assertThat(model.graph().outputNames()).containsExactly("y");
    }
  }
}
