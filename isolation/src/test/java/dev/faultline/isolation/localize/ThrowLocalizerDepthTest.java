package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.isolation.localize.ThrowFinding.AtNode;
import dev.faultline.isolation.localize.ThrowFinding.OptimizerFault;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThrowLocalizerDepthTest {

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 1_000})
  void aNodeInALargeGraphIsFoundInAHandfulOfRuns(int size) {
    AtNode found = located(new ThrowLocalizer(bed.laboratory()), large(size), Tensor.floats("x", Shape.of(2), 1, 2), Tensor.longs("i", Shape.of(1), 7));
    assertThat(found.node().name()).isEqualTo("lookup");
    assertThat(found.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/i[0]");
    assertThat(found.cost().runs()).isLessThanOrEqualTo(5);
  }

  @Test
  void aNameThatIsInNoFileIsFoundByHalving() {
    var backend = new WarpedBackend(_ -> false, _ -> WarpedBackend.MADE_UP);
    AtNode found =
        located(new ThrowLocalizer(bed.laboratory(backend)), large(200), Tensor.floats("x", Shape.of(2), 1, 2), Tensor.longs("i", Shape.of(1), 7));
    assertThat(found.node().name()).isEqualTo("lookup");
    assertThat(found.reason()).isEqualTo("it does not fit");
  }

  @Test
  void aRunThatFailsOnlyWhenOptimisedNamesLevelAndRewriting() {
    var backend =
        new WarpedBackend(
            options -> options.optimization().compareTo(Optimization.EXTENDED) >= 0 && !options.disabledOptimizers().contains("GeluFusionL2"), fault -> fault);
    GraphBuilder model = GraphBuilder.named("m").input("x", ElementType.FLOAT, "n").node("r", "Relu", List.of("x"), List.of("y")).output("y");
    ThrowFinding finding = new ThrowLocalizer(bed.laboratory(backend)).localize(bed.artifact(model), List.of(Tensor.floats("x", Shape.of(1), 1)), Bed.budget());
    assertThat(finding).isInstanceOfSatisfying(OptimizerFault.class, fault -> {
      assertThat(fault.firstFailing()).isEqualTo(Optimization.EXTENDED);
      assertThat(fault.optimizers()).containsExactly("GeluFusionL2");
      assertThat(fault.at().name()).isEqualTo("fused_17");
    });
  }

  @Test
  void aFunctionIsEntered() {
    GraphBuilder body =
        GraphBuilder.named("f").node("times", "Mul", List.of("v", "v"), List.of("s")).node("pick", "Gather", List.of("s", "k"), List.of("t"));
    GraphBuilder model =
        GraphBuilder.named("m")
            .opset("mine", 1)
            .function("mine", "Choose", List.of("v", "k"), List.of("t"), body)
            .input("x", ElementType.FLOAT, "n")
            .input("i", ElementType.INT64)
            .node("copy", "Relu", List.of("x"), List.of("h"))
            .node("mine", "call", "Choose", List.of("h", "i"), List.of("y"))
            .output("y");
    AtNode found = located(new ThrowLocalizer(bed.laboratory()), model, Tensor.floats("x", Shape.of(2), 1, 2), Tensor.longs("i", Shape.SCALAR, 5));
    assertThat(found.node()).isEqualTo(new NodeRef(-1, "pick", "Gather", "t"));
    assertThat(found.scope()).extracting(NodeRef::name).containsExactly("call");
    assertThat(found.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/i");
  }

  @Test
  void bodiesInsideBodiesAreEntered() {
    GraphBuilder then = GraphBuilder.named("then").node("pick", "Gather", List.of("table", "iter"), List.of("p")).output("p", ElementType.FLOAT);
    GraphBuilder otherwise = GraphBuilder.named("else").node("none", "Identity", List.of("zero"), List.of("p")).output("p", ElementType.FLOAT);
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("iter", ElementType.INT64)
            .input("cond", ElementType.BOOL)
            .input("sum", ElementType.FLOAT)
            .node("go", "Identity", List.of("cond"), List.of("cond_out"))
            .node("late", "Greater", List.of("iter", "two"), List.of("is_late"))
            .node("choice", "If", List.of("is_late"), List.of("item"), Attribute.ofBody("then_branch", then), Attribute.ofBody("else_branch", otherwise))
            .node("add", "Add", List.of("sum", "item"), List.of("sum_out"))
            .output("cond_out", ElementType.BOOL)
            .output("sum_out", ElementType.FLOAT);
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("rounds", ElementType.INT64)
            .initializer("table", new float[] {1, 2, 3, 4, 5}, 5)
            .initializer("two", new long[] {2})
            .initializer("zero", new float[] {0})
            .initializer("yes", new boolean[] {true})
            .node("repeat", "Loop", List.of("rounds", "yes", "zero"), List.of("y"), Attribute.ofBody("body", body))
            .output("y");
    AtNode found = located(new ThrowLocalizer(bed.laboratory()), model, Tensor.longs("rounds", Shape.SCALAR, 40));
    assertThat(found.node()).isEqualTo(new NodeRef(-1, "pick", "Gather", "p"));
    assertThat(found.scope()).extracting(NodeRef::name).containsExactly("repeat", "choice");
    assertThat(found.iterations()).containsExactly(5L, -1L);
    assertThat(found.offences().getFirst().words()).isEqualTo("index 5 is outside the 5 of table (expected: -5 to 4)");
  }

  private static GraphBuilder large(int size) {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .input("i", ElementType.INT64, "k")
            .initializer("table", new float[] {1, 2, 3}, 3);
    String value = "x";
    for (int node = 0; node < size - 2; node++) {
      String next = "v" + node;
      model.node(node % 3 == 0 ? "" : "node" + node, node % 2 == 0 ? "Sigmoid" : "Neg", List.of(value), List.of(next));
      value = next;
      if (node == size * 2 / 3) {
        model.node("lookup", "Gather", List.of("table", "i"), List.of("g")).node("join", "Add", List.of(value, "g"), List.of("joined"));
        value = "joined";
      }
    }
    return model.output(value);
  }

  private AtNode located(ThrowLocalizer localizer, GraphBuilder model, Tensor... inputs) {
    ThrowFinding finding = localizer.localize(bed.artifact(model), List.of(inputs), Bed.budget());
    assertThat(finding).isInstanceOf(AtNode.class);
    return (AtNode) finding;
  }
}
