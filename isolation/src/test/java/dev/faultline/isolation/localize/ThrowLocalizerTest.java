package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.isolation.localize.ElementSource.Relation;
import dev.faultline.isolation.localize.ThrowFinding.AtNode;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThrowLocalizerTest {

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @Test
  void anIndexOutsideItsTableIsFollowedBackToTheRequest() throws IOException {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("a", ElementType.FLOAT, "n")
            .input("b", ElementType.FLOAT, "n")
            .initializer("rows", new float[] {1, 2, 3, 4}, 4, 1)
            .initializer("axes", new long[] {0}, 1)
            .node("both", "Concat", List.of("a", "b"), List.of("ab"), Attribute.ofInt("axis", 0))
            .node("whole", "Cast", List.of("ab"), List.of("i"), Attribute.ofType("to", ElementType.INT64))
            .node("wrap", "Unsqueeze", List.of("i", "axes"), List.of("ids"))
            .node("embed", "Gather", List.of("rows", "ids"), List.of("e"))
            .node("scale", "Mul", List.of("e", "e"), List.of("y"))
            .output("y");
    AtNode found = found(model, Tensor.floats("a", Shape.of(2), 1, 2), Tensor.floats("b", Shape.of(2), 3, 9));
    assertThat(found.node()).isEqualTo(new NodeRef(3, "embed", "Gather", "e"));
    assertThat(found.scope()).isEmpty();
    assertThat(found.offences()).hasSize(1);
    Offence offence = found.offences().getFirst();
    assertThat(offence.words()).isEqualTo("index 9 at [0,3] is outside the 4 of rows (expected: -4 to 3)");
    assertThat(offence.fields()).extracting(Field::path).containsExactly("inputs/b[1]");
    assertThat(offence.from().getFirst().relation()).isEqualTo(Relation.UNCHANGED);
    assertThat(found.operands()).extracting(Operand::source).containsExactly(Operand.Source.INITIALIZER, Operand.Source.COMPUTED);
    assertThat(found.operands().get(1).seen().getFirst().max()).isEqualTo(9);
    assertThat(bed.isScratchEmpty()).isTrue();
  }

  @Test
  void aDivisorThatWasComputedNamesTheElementItWasComputedFrom() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.INT64, "n")
            .initializer("five", new long[] {5}, 1)
            .initializer("hundred", new long[] {100}, 1)
            .node("minus", "Sub", List.of("x", "five"), List.of("d"))
            .node("share", "Div", List.of("hundred", "d"), List.of("y"))
            .output("y");
    AtNode found = found(model, Tensor.longs("x", Shape.of(3), 4, 5, 6));
    assertThat(found.node().name()).isEqualTo("share");
    assertThat(found.offences().getFirst().words()).isEqualTo("the divisor is 0 at [1]");
    assertThat(found.offences().getFirst().from())
        .contains(new ElementSource(Operand.Source.INPUT, "x", List.of(1L), "5", Relation.COMPUTED));
  }

  @Test
  void aFusedNodeIsTracedToTheNodeOfTheFile() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", "k")
            .initializer("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2)
            .initializer("c", new float[] {1, 2}, 2)
            .node("dense", "MatMul", List.of("x", "w"), List.of("h"))
            .node("bias", "Add", List.of("h", "c"), List.of("y"))
            .output("y");
    AtNode found = found(model, Tensor.floats("x", Shape.of(1, 4), 1, 2, 3, 4));
    assertThat(found.node()).isEqualTo(new NodeRef(0, "dense", "MatMul", "h"));
    assertThat(found.offences().getFirst().words()).isEqualTo("x [1,4] times w [3,2]: 4 columns against 3 rows");
  }

  @Test
  void nodesWithoutNamesAreToldApartByTheirPlace() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .initializer("s", new long[] {2, -1}, 2)
            .node("", "Relu", List.of("x"), List.of("r"))
            .node("", "Reshape", List.of("r", "s"), List.of("y"))
            .output("y");
    AtNode found = found(model, Tensor.floats("x", Shape.of(3), 1, 2, 3));
    assertThat(found.node()).isEqualTo(new NodeRef(1, "Reshape_1", "Reshape", "y"));
    assertThat(found.offences().getFirst().words()).isEqualTo("r [3] has 3 elements, which [2,-1] cannot hold");
  }

  @Test
  void aBranchIsEntered() {
    GraphBuilder then =
        GraphBuilder.named("then")
            .node("inner", "Gather", List.of("table", "i"), List.of("g"))
            .output("g", ElementType.FLOAT);
    GraphBuilder otherwise =
        GraphBuilder.named("else")
            .node("keep", "Identity", List.of("zero"), List.of("z"))
            .output("z", ElementType.FLOAT);
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("i", ElementType.INT64)
            .initializer("table", new float[] {1, 2, 3}, 3)
            .initializer("zero", new float[] {0})
            .initializer("none", new long[] {-1})
            .node("known", "Greater", List.of("i", "none"), List.of("c"))
            .node("choice", "If", List.of("c"), List.of("y"), Attribute.ofBody("then_branch", then), Attribute.ofBody("else_branch", otherwise))
            .output("y");
    AtNode found = found(model, Tensor.longs("i", Shape.SCALAR, 7));
    assertThat(found.node()).isEqualTo(new NodeRef(-1, "inner", "Gather", "g"));
    assertThat(found.scope()).extracting(NodeRef::name).containsExactly("choice");
    assertThat(found.offences().getFirst().words()).isEqualTo("index 7 is outside the 3 of table (expected: -3 to 2)");
    assertThat(found.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/i");
  }

  @Test
  void theFailingIterationOfALoopIsOpened() {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("iter", ElementType.INT64)
            .input("cond", ElementType.BOOL)
            .input("sum", ElementType.FLOAT)
            .node("go", "Identity", List.of("cond"), List.of("cond_out"))
            .node("pick", "Gather", List.of("table", "iter"), List.of("item"))
            .node("add", "Add", List.of("sum", "item"), List.of("sum_out"))
            .output("cond_out", ElementType.BOOL)
            .output("sum_out", ElementType.FLOAT);
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("rounds", ElementType.INT64)
            .initializer("table", new float[] {1, 2, 3, 4, 5}, 5)
            .initializer("yes", new boolean[] {true})
            .initializer("zero", new float[] {0})
            .node("repeat", "Loop", List.of("rounds", "yes", "zero"), List.of("y"), Attribute.ofBody("body", body))
            .output("y");
    AtNode found = found(model, Tensor.longs("rounds", Shape.SCALAR, 100));
    assertThat(found.node()).isEqualTo(new NodeRef(-1, "pick", "Gather", "item"));
    assertThat(found.scope()).extracting(NodeRef::name).containsExactly("repeat");
    assertThat(found.iterations()).containsExactly(5L);
    assertThat(found.offences().getFirst().words()).isEqualTo("index 5 is outside the 5 of table (expected: -5 to 4)");
  }

  @Test
  void theFailingElementOfAScanIsOpened() {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("state", ElementType.INT64)
            .input("x_i", ElementType.INT64)
            .node("part", "Div", List.of("state", "x_i"), List.of("next"))
            .node("copy", "Identity", List.of("next"), List.of("shown"))
            .output("next", ElementType.INT64)
            .output("shown", ElementType.INT64);
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("xs", ElementType.INT64, "n")
            .initializer("start", new long[] {1000})
            .node("sweep", "Scan", List.of("start", "xs"), List.of("last", "all"), Attribute.ofBody("body", body), Attribute.ofInt("num_scan_inputs", 1))
            .output("all");
    AtNode found = found(model, Tensor.longs("xs", Shape.of(6), 1, 2, 3, 0, 5, 6));
    assertThat(found.node()).isEqualTo(new NodeRef(-1, "part", "Div", "next"));
    assertThat(found.iterations()).containsExactly(3L);
    assertThat(found.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/xs[3]");
  }

  @Test
  void whatRunsIsNotReproducedAndASpentBudgetIsSaid() {
    GraphBuilder model = GraphBuilder.named("m").input("x", ElementType.FLOAT, "n").node("r", "Relu", List.of("x"), List.of("y")).output("y");
    ThrowLocalizer localizer = new ThrowLocalizer(bed.laboratory());
    List<Tensor> inputs = List.of(Tensor.floats("x", Shape.of(1), 1));
    assertThat(localizer.localize(bed.artifact(model), inputs, Bed.budget())).isInstanceOf(ThrowFinding.NotReproduced.class);
    assertThat(localizer.localize(bed.artifact(model), inputs, new Budget(0, 1_000, System::nanoTime)))
        .isInstanceOfSatisfying(ThrowFinding.Unlocated.class, finding -> assertThat(finding.reason()).isEqualTo("the budget is spent"));
  }

  private AtNode found(GraphBuilder model, Tensor... inputs) {
    ThrowFinding finding = new ThrowLocalizer(bed.laboratory()).localize(bed.artifact(model), List.of(inputs), Bed.budget());
    assertThat(finding).isInstanceOf(AtNode.class);
    return (AtNode) finding;
  }
}
