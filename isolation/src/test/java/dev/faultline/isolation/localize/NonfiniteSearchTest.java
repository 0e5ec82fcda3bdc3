package dev.faultline.isolation.localize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.isolation.localize.NonfiniteFinding.Birth;
import dev.faultline.isolation.localize.NonfiniteFinding.Births;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NonfiniteSearchTest {

  @TempDir private Path folder;
  private Bed bed;

  @BeforeEach
  void open() {
    bed = new Bed(folder);
  }

  @Test
  void aLogarithmOfANegativeNumberIsToldWithRowFieldAndReason() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 3)
            .initializer("mean", new float[] {1, 2, 3}, 3)
            .node("centre", "Sub", List.of("x", "mean"), List.of("c"))
            .node("log", "Log", List.of("c"), List.of("l"))
            .node("act", "Relu", List.of("l"), List.of("y"))
            .output("y");
    Birth birth = only(model, Tensor.floats("x", Shape.of(2, 3), 2, 3, 4, 2, -1, 4));
    assertThat(birth.node()).isEqualTo(new NodeRef(1, "log", "Log", "l"));
    assertThat(birth.offences().getFirst().words()).isEqualTo("Log input -3.0 at [1,1] (expected: more than 0)");
    assertThat(birth.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/x[1,1]");
    assertThat(birth.rows()).containsExactly(1L);
    assertThat(birth.reaches()).containsExactly("y");
    assertThat(birth.swallowedBy()).isEmpty();
    assertThat(birth.made().getFirst().nan()).isEqualTo(1);
  }

  @Test
  void aDenominatorOfTheModelFileIsNamedWithItsElement() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 4)
            .initializer("std", new float[] {1, 2, 0, 4}, 4)
            .node("scale", "Div", List.of("x", "std"), List.of("y"))
            .output("y");
    Offence offence = only(model, Tensor.floats("x", Shape.of(1, 4), 1, 1, 1, 1)).offences().getFirst();
    assertThat(offence.words()).isEqualTo("Div denominator 0.0 at [2] (expected: not 0)");
    assertThat(offence.from()).singleElement().satisfies(source -> assertThat(source.place()).isEqualTo("initializer std[2]"));
  }

  @Test
  void independentBirthsAreAllReportedAndWhatOnlyPassesThemOnIsNot() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("a", ElementType.FLOAT, "n")
            .input("b", ElementType.FLOAT, "n")
            .node("root", "Sqrt", List.of("a"), List.of("s"))
            .node("power", "Exp", List.of("b"), List.of("e"))
            .node("both", "Add", List.of("s", "e"), List.of("y"))
            .output("y");
    Births found = births(model, Tensor.floats("a", Shape.of(2), -1, 4), Tensor.floats("b", Shape.of(2), 1, 103.2f));
    assertThat(found.births()).extracting(birth -> birth.node().name()).containsExactly("root", "power");
    assertThat(found.births().get(1).offences().getFirst().words()).isEqualTo("Exp input 103.2 at [1] (expected: at most 88.7228)");
  }

  @Test
  void aNodeThatHidesNanIsNamed() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 2)
            .node("log", "Log", List.of("x"), List.of("l"))
            .node("best", "ArgMax", List.of("l"), List.of("y"), Attribute.ofInt("axis", 1))
            .output("y", ElementType.INT64, "n", 1);
    Birth birth = only(model, Tensor.floats("x", Shape.of(1, 2), -1, 2));
    assertThat(birth.node().name()).isEqualTo("log");
    assertThat(birth.reaches()).isEmpty();
    assertThat(birth.swallowedBy()).extracting(NodeRef::name).containsExactly("best");
  }

  @Test
  void aMissingValueOfTheRequestIsAnEntryAndNoNodeIsAccused() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 2)
            .node("twice", "Add", List.of("x", "x"), List.of("t"))
            .node("act", "Tanh", List.of("t"), List.of("y"))
            .output("y");
    Births found = births(model, Tensor.floats("x", Shape.of(2, 2), 1, 2, Float.NaN, 4));
    assertThat(found.births()).isEmpty();
    assertThat(found.entries()).singleElement().satisfies(entry -> {
      assertThat(entry.element().place()).isEqualTo("inputs/x[1,0]");
      assertThat(entry.enters()).extracting(NodeRef::name).containsExactly("twice");
      assertThat(entry.reaches()).containsExactly("y");
    });
  }

  @Test
  void aMaskOfMinusInfinityIsNoFault() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n", 3)
            .initializer("mask", new float[] {0, 0, Float.NEGATIVE_INFINITY}, 3)
            .node("masked", "Add", List.of("x", "mask"), List.of("s"))
            .node("soft", "Softmax", List.of("s"), List.of("p"))
            .node("log", "Log", List.of("x"), List.of("l"))
            .node("sum", "Add", List.of("p", "l"), List.of("y"))
            .output("y");
    assertThat(births(model, Tensor.floats("x", Shape.of(1, 3), 1, -2, 3)).births()).extracting(birth -> birth.node().name()).containsExactly("log");
  }

  @Test
  void aBranchIsEnteredAndItsReachSeenFromOutside() {
    GraphBuilder then = GraphBuilder.named("then").node("inner_log", "Log", List.of("x"), List.of("t")).output("t", ElementType.FLOAT, "n");
    GraphBuilder otherwise = GraphBuilder.named("else").node("same", "Identity", List.of("x"), List.of("e")).output("e", ElementType.FLOAT, "n");
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .input("c", ElementType.BOOL)
            .node("choice", "If", List.of("c"), List.of("z"), Attribute.ofBody("then_branch", then), Attribute.ofBody("else_branch", otherwise))
            .node("out", "Neg", List.of("z"), List.of("y"))
            .output("y");
    Tensor yes = new Tensor("c", DataType.BOOL, Shape.SCALAR, Elements.fixed(DataType.BOOL, ByteBuffer.wrap(new byte[] {1})));
    Birth birth = only(model, Tensor.floats("x", Shape.of(2), 1, -1), yes);
    assertThat(birth.node()).isEqualTo(new NodeRef(-1, "inner_log", "Log", "t"));
    assertThat(birth.scope()).extracting(NodeRef::name).containsExactly("choice");
    assertThat(birth.reaches()).containsExactly("y");
    assertThat(birth.offences().getFirst().fields()).extracting(Field::path).containsExactly("inputs/x[1]");
  }

  @Test
  void theIterationOfALoopInWhichItBeginsIsOpened() {
    GraphBuilder body =
        GraphBuilder.named("body")
            .input("iter", ElementType.INT64)
            .input("cond", ElementType.BOOL)
            .input("v", ElementType.FLOAT)
            .node("go", "Identity", List.of("cond"), List.of("cond_out"))
            .node("less", "Sub", List.of("v", "one"), List.of("v_out"))
            .node("root", "Sqrt", List.of("v_out"), List.of("r"))
            .node("scaled", "Mul", List.of("r", "one"), List.of("shown"))
            .output("cond_out", ElementType.BOOL)
            .output("v_out", ElementType.FLOAT)
            .output("shown", ElementType.FLOAT);
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("start", ElementType.FLOAT)
            .initializer("one", new float[] {1})
            .initializer("rounds", new long[] {6})
            .initializer("yes", new boolean[] {true})
            .node("repeat", "Loop", List.of("rounds", "yes", "start"), List.of("last", "all"), Attribute.ofBody("body", body))
            .node("out", "Neg", List.of("all"), List.of("y"))
            .output("y");
    Birth birth = only(model, Tensor.floats("start", Shape.SCALAR, 3.5f));
    assertThat(birth.node()).isEqualTo(new NodeRef(-1, "root", "Sqrt", "r"));
    assertThat(birth.scope()).extracting(NodeRef::name).containsExactly("repeat");
    assertThat(birth.iterations()).containsExactly(3L);
    assertThat(birth.offences().getFirst().words()).isEqualTo("Sqrt input -0.5 (expected: 0 or more)");
    assertThat(birth.reaches()).containsExactly("y");
  }

  /// Where the processor has no kernel for it the engine computes half precision in 32 bits, and nothing overflows.
  @Test
  void halfPrecisionThatTheEngineComputesWiderIsNotAccused() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, "n")
            .node("half", "Cast", List.of("x"), List.of("h"), Attribute.ofType("to", ElementType.FLOAT16))
            .node("square", "Mul", List.of("h", "h"), List.of("s"))
            .node("back", "Cast", List.of("s"), List.of("y"), Attribute.ofType("to", ElementType.FLOAT))
            .output("y");
    assertThat(find(model, Tensor.floats("x", Shape.of(2), 10, 300))).isInstanceOf(NonfiniteFinding.NotReproduced.class);
  }

  @Test
  void whatIsTooLargeToBringOutIsToldByItsShape() {
    GraphBuilder model =
        GraphBuilder.named("m")
            .input("x", ElementType.FLOAT, 1)
            .initializer("size", new long[] {1000}, 1)
            .node("grow", "Expand", List.of("x", "size"), List.of("big"))
            .node("log", "Log", List.of("big"), List.of("l"))
            .node("mean", "ReduceSum", List.of("l"), List.of("y"), Attribute.ofInt("keepdims", 0))
            .output("y");
    var laboratory = new Laboratory(Bed.ENGINE, bed.scratch(), System::nanoTime, 1_000);
    NonfiniteFinding finding = new NonfiniteSearch(laboratory).localize(bed.artifact(model), List.of(Tensor.floats("x", Shape.of(1), -1)), Bed.budget());
    assertThat(finding).isInstanceOfSatisfying(Births.class, found -> {
      Birth birth = found.births().getFirst();
      assertThat(birth.node().name()).isEqualTo("log");
      assertThat(birth.operands().getFirst().shapes()).containsExactly(Shape.of(1000));
      assertThat(birth.operands().getFirst().seen()).isEmpty();
      assertThat(birth.made()).isEmpty();
    });
  }

  @Test
  void finiteRunsAreNotReproduced() {
    GraphBuilder model = GraphBuilder.named("m").input("x", ElementType.FLOAT, "n").node("log", "Log", List.of("x"), List.of("y")).output("y");
    assertThat(find(model, Tensor.floats("x", Shape.of(1), 2))).isInstanceOf(NonfiniteFinding.NotReproduced.class);
  }

  private Birth only(GraphBuilder model, Tensor... inputs) {
    Births found = births(model, inputs);
    assertThat(found.births()).hasSize(1);
    return found.births().getFirst();
  }

  private Births births(GraphBuilder model, Tensor... inputs) {
    NonfiniteFinding finding = find(model, inputs);
    assertThat(finding).isInstanceOf(Births.class);
    return (Births) finding;
  }

  private NonfiniteFinding find(GraphBuilder model, Tensor... inputs) {
    return new NonfiniteSearch(bed.laboratory()).localize(bed.artifact(model), List.of(inputs), Bed.budget());
  }
}
