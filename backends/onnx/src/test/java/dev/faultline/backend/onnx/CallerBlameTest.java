package dev.faultline.backend.onnx;

import static dev.faultline.backend.onnx.Models.nodeFailed;
import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;
import static dev.faultline.graph.ElementType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.Field;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Attribute;
import dev.faultline.graph.GraphBuilder;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every fault here comes out of a real run.
final class CallerBlameTest {

  private static final float[] SIX = {1, 2, 3, 4, 5, 6};
  private static final Attribute TO_INT64 = Attribute.ofType("to", INT64);

  private static GraphBuilder ids() {
    return GraphBuilder.named("ids").input("ids", INT64, "n").initializer("rows", SIX, 3, 2);
  }

  private static GraphBuilder parameter(Object... dims) {
    return GraphBuilder.named("p").input("p", INT64, dims).initializer("w", SIX, 6);
  }

  private static Tensor longs(String name, long... values) {
    return Tensor.longs(name, Shape.of(values.length), values);
  }

  private static void accuses(InferFault.NodeFailed fault, String node, String path, String got) {
    assertThat(fault.at().name()).isEqualTo(node);
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.httpStatus()).isEqualTo(400);
    assertThat(fault.culprits()).extracting(Field::path).containsExactly(path);
    assertThat(fault.evidence()).filteredOn(Evidence.Value.class::isInstance).map(value -> ((Evidence.Value) value).got()).containsExactly(got);
  }

  private static void accusesNobody(Fault fault) {
    assertThat(fault.blame()).isEqualTo(Blame.MODEL);
    assertThat(fault.field()).isEmpty();
  }

  @Test
  void anIndexOutOfRangeIsFoundInEveryIndexingOperator() throws Exception {
    accuses(nodeFailed(ids().node("at", "Gather", List.of("rows", "ids"), List.of("y")).output("y"), longs("ids", 0, -4)), "at", "inputs/ids[1]", "-4");
    GraphBuilder pairs = GraphBuilder.named("g").input("ids", INT64, "n", "m").initializer("rows", SIX, 3, 2);
    Tensor pair = Tensor.longs("ids", Shape.of(1, 2), 0, 7);
    accuses(nodeFailed(pairs.node("at", "GatherElements", List.of("rows", "ids"), List.of("y")).output("y"), pair), "at", "inputs/ids[0,1]", "7");
    GraphBuilder tuples = GraphBuilder.named("g").input("ids", INT64, "n", 1).initializer("rows", SIX, 3, 2);
    accuses(nodeFailed(tuples.node("at", "GatherND", List.of("rows", "ids"), List.of("y")).output("y"), Tensor.longs("ids", Shape.of(2, 1), 0, 7)), "at", "inputs/ids[1,0]", "7");
    GraphBuilder scattered = GraphBuilder.named("g").input("ids", INT64, "n", 1).initializer("rows", SIX, 6).initializer("u", new float[] {9, 9}, 2);
    accuses(nodeFailed(scattered.node("at", "ScatterND", List.of("rows", "ids", "u"), List.of("y")).output("y"), Tensor.longs("ids", Shape.of(2, 1), 0, 7)), "at", "inputs/ids[1,0]", "7");
    GraphBuilder elements = GraphBuilder.named("g").input("ids", INT64, "n").initializer("rows", SIX, 6).initializer("u", new float[] {9, 9}, 2);
    accuses(nodeFailed(elements.node("at", "ScatterElements", List.of("rows", "ids", "u"), List.of("y")).output("y"), longs("ids", 7, 0)), "at", "inputs/ids[0]", "7");
  }

  @Test
  void anIndexIsFollowedThroughWhatOnlyMovesElements() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("g")
            .input("code", FLOAT, "n", 1)
            .input("other", INT64, "m")
            .initializer("rows", SIX, 3, 2)
            .initializer("flat", new long[] {-1}, 1)
            .node("whole", "Cast", List.of("code"), List.of("c"), TO_INT64)
            .node("line", "Reshape", List.of("c", "flat"), List.of("r"))
            .node("both", "Concat", List.of("other", "r"), List.of("all"), Attribute.ofInt("axis", 0))
            .node("at", "Gather", List.of("rows", "all"), List.of("y"))
            .output("y");
    accuses(nodeFailed(graph, Tensor.floats("code", Shape.of(2, 1), 1, 5.5f), longs("other", 0, 1)), "at", "inputs/code[1,0]", "5.5");
  }

  @Test
  void anIndexThatTheGraphComputedIsTheModelsFault() throws Exception {
    GraphBuilder graph =
        ids().initializer("two", new long[] {2}).node("twice", "Mul", List.of("ids", "two"), List.of("i")).node("at", "Gather", List.of("rows", "i"), List.of("y")).output("y");
    InferFault.NodeFailed fault = nodeFailed(graph, longs("ids", 2));
    accusesNobody(fault);
    assertThat(fault.at()).isEqualTo(new NodeRef(1, "at", "Gather", "y"));
  }

  @Test
  void aNumberThatACastChangesIsTheModelsFault() throws Exception {
    GraphBuilder graph =
        ids().node("narrow", "Cast", List.of("ids"), List.of("i"), Attribute.ofType("to", INT32)).node("at", "Gather", List.of("rows", "i"), List.of("y")).output("y");
    accusesNobody(nodeFailed(graph, longs("ids", 0, 7)));
  }

  @Test
  void aNodeInsideABranchIsNamedAndItsCaptureFollowed() throws Exception {
    GraphBuilder yes = GraphBuilder.named("yes").node("inner", "Gather", List.of("rows", "ids"), List.of("a")).output("a");
    GraphBuilder no = GraphBuilder.named("no").node("other", "Identity", List.of("rows"), List.of("b")).output("b");
    GraphBuilder graph =
        ids().input("c", BOOL).node("choice", "If", List.of("c"), List.of("y"), Attribute.ofBody("then_branch", yes), Attribute.ofBody("else_branch", no)).output("y");
    Tensor yesPlease = new Tensor("c", DataType.BOOL, Shape.SCALAR, Elements.fixed(DataType.BOOL, ByteBuffer.wrap(new byte[] {1})));
    InferFault.NodeFailed fault = nodeFailed(graph, longs("ids", 9), yesPlease);
    accuses(fault, "inner", "inputs/ids[0]", "9");
    assertThat(fault.at().index()).isEqualTo(-1);
  }

  @Test
  void aDivisorOfZeroIsFound() throws Exception {
    GraphBuilder div = GraphBuilder.named("g").input("d", INT32, "n").initializer("w", new int[] {1, 2, 3}, 3).node("share", "Div", List.of("w", "d"), List.of("y")).output("y");
    accuses(nodeFailed(div, Tensor.ints("d", Shape.of(3), 1, 2, 0)), "share", "inputs/d[2]", "0");
    GraphBuilder mod = GraphBuilder.named("g").input("d", INT64, "n").initializer("w", new long[] {1, 2, 3}, 3).node("rest", "Mod", List.of("w", "d"), List.of("y")).output("y");
    accuses(nodeFailed(mod, longs("d", 0, 2, 0)), "rest", "inputs/d[0]", "0");
  }

  @Test
  void aDivisorOfZeroThatTheGraphComputedIsTheModelsFault() throws Exception {
    GraphBuilder graph = GraphBuilder.named("g").input("x", INT64, "n").node("none", "Sub", List.of("x", "x"), List.of("d")).node("share", "Div", List.of("x", "d"), List.of("y")).output("y");
    accusesNobody(nodeFailed(graph, longs("x", 1)));
  }

  @Test
  void aTextThatIsNoNumberIsFound() throws Exception {
    GraphBuilder graph = GraphBuilder.named("g").input("x", STRING, "n").node("parse", "Cast", List.of("x"), List.of("y"), Attribute.ofType("to", FLOAT)).output("y");
    accuses(nodeFailed(graph, Tensor.strings("x", Shape.of(3), List.of("1", "12abc", "n/a"))), "parse", "inputs/x[2]", "n/a");
  }

  @Test
  void aSizeOrCountThatCannotBeIsFound() throws Exception {
    accuses(nodeFailed(parameter("r").node("op", "Tile", List.of("w", "p"), List.of("y")).output("y"), longs("p", -2)), "op", "inputs/p[0]", "-2");
    accuses(nodeFailed(parameter("r").node("op", "Expand", List.of("w", "p"), List.of("y")).output("y"), longs("p", 1, -2, 6)), "op", "inputs/p[1]", "-2");
    accuses(nodeFailed(parameter("r").node("op", "ConstantOfShape", List.of("p"), List.of("y")).output("y"), longs("p", -2)), "op", "inputs/p[0]", "-2");
    GraphBuilder range = GraphBuilder.named("g").input("p", INT64).initializer("a", new long[] {0}).initializer("b", new long[] {5});
    accuses(nodeFailed(range.node("op", "Range", List.of("a", "b", "p"), List.of("y")).output("y"), Tensor.longs("p", Shape.SCALAR, 0)), "op", "inputs/p", "0");
    GraphBuilder depth = GraphBuilder.named("g").input("p", INT64).initializer("i", new long[] {1}, 1).initializer("v", new float[] {0, 1}, 2);
    accuses(nodeFailed(depth.node("op", "OneHot", List.of("i", "p", "v"), List.of("y")).output("y"), Tensor.longs("p", Shape.SCALAR, -3)), "op", "inputs/p", "-3");
  }

  @Test
  void aSizeThatDoesNotFitIsTheWholeInput() throws Exception {
    accusesWhole(nodeFailed(parameter("r").node("op", "Reshape", List.of("w", "p"), List.of("y")).output("y"), longs("p", 2, 2)), "inputs/p");
    accusesWhole(nodeFailed(parameter(1).node("op", "TopK", List.of("w", "p"), List.of("y", "z")).output("y"), longs("p", 9)), "inputs/p[0]");
    accusesWhole(nodeFailed(parameter(2).node("op", "Split", List.of("w", "p"), List.of("y", "z")).output("y"), longs("p", 2, 2)), "inputs/p");
  }

  private static void accusesWhole(InferFault.NodeFailed fault, String... paths) {
    assertThat(fault.blame()).isEqualTo(Blame.CALLER);
    assertThat(fault.culprits()).extracting(Field::path).containsExactly(paths);
  }

  @Test
  void shapesThatDoNotFitAreTheCallersWhereTheCallerChoseThem() throws Exception {
    GraphBuilder add = GraphBuilder.named("g").input("a", FLOAT, "n").input("b", FLOAT, "m").node("op", "Add", List.of("a", "b"), List.of("y")).output("y");
    accusesWhole(nodeFailed(add, Tensor.floats("a", Shape.of(2), 1, 2), Tensor.floats("b", Shape.of(3), 1, 2, 3)), "inputs/a", "inputs/b");
    GraphBuilder concat = GraphBuilder.named("g").input("a", FLOAT, "n", "k").input("b", FLOAT, "n", 3).node("op", "Concat", List.of("a", "b"), List.of("y"), Attribute.ofInt("axis", 0)).output("y");
    accusesWhole(nodeFailed(concat, Tensor.floats("a", Shape.of(1, 2), 1, 2), Tensor.floats("b", Shape.of(1, 3), 1, 2, 3)), "inputs/a", "inputs/b");
    accusesWhole(nodeFailed(dense("n", "k"), Tensor.floats("x", Shape.of(1, 2), 1, 2)), "inputs/x");
  }

  private static GraphBuilder dense(Object... dims) {
    return GraphBuilder.named("g")
        .input("x", FLOAT, dims)
        .initializer("w", SIX, 3, 2)
        .initializer("b", new float[] {1, 1}, 2)
        .node("fc", "MatMul", List.of("x", "w"), List.of("h"))
        .node("bias", "Add", List.of("h", "b"), List.of("z"))
        .node("act", "Relu", List.of("z"), List.of("y"))
        .output("y");
  }

  @Test
  void aFusedNodeIsTheSourceNodeThatItBeganWith() throws Exception {
    InferFault.NodeFailed fault = nodeFailed(dense("n", "k"), Tensor.floats("x", Shape.of(1, 2), 1, 2));
    assertThat(fault.at()).isEqualTo(new NodeRef(0, "fc", "MatMul", "h"));
    assertThat(((Evidence.Engine) fault.evidence().getLast()).message()).contains("Name:'fused fc/MatMulAddFusion'");
    assertThat(fault.causes().getFirst().type()).isEqualTo("ai.onnxruntime.OrtException");
  }

  @Test
  void aTransposeMeltedIntoItsMatMulLeadsToTheMatMul() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("g").input("x", FLOAT, "n", "k").initializer("w", SIX, 3, 2).node("turn", "Transpose", List.of("x"), List.of("t")).node("mm", "MatMul", List.of("t", "w"), List.of("y")).output("y");
    InferFault.NodeFailed fault = nodeFailed(graph, Tensor.floats("x", Shape.of(2, 2), 1, 2, 3, 4));
    assertThat(fault.at().name()).isEqualTo("mm");
    accusesWhole(fault, "inputs/x");
  }

  @Test
  void shapesThatDoNotFitInsideAreTheModelsFault() throws Exception {
    GraphBuilder graph =
        GraphBuilder.named("g").input("x", FLOAT, "n", 4).initializer("w", SIX, 3, 2).initializer("two", new long[] {-1, 2}, 2)
            .node("squeeze_in", "Reshape", List.of("x", "two"), List.of("r")).node("grow", "Exp", List.of("r"), List.of("e")).node("mm", "MatMul", List.of("e", "w"), List.of("y")).output("y");
    assertThat(Models.refusal(graph)).as("ONNX Runtime finds this one when it loads").hasMessageContaining("mm");
    GraphBuilder late =
        GraphBuilder.named("g").input("x", FLOAT, "n", "k").initializer("w", SIX, 3, 2).node("grow", "Exp", List.of("x"), List.of("e")).node("mm", "MatMul", List.of("e", "w"), List.of("y")).output("y");
    accusesNobody(nodeFailed(late, Tensor.floats("x", Shape.of(1, 2), 1, 2)));
  }

  @Test
  void anUnnamedNodeHasANameInTheFault() throws Exception {
    InferFault.NodeFailed fault = nodeFailed(ids().node("", "Gather", List.of("rows", "ids"), List.of("y")).output("y"), longs("ids", 7));
    assertThat(fault.at()).isEqualTo(new NodeRef(0, "Gather_0", "Gather", "y"));
  }

  @Test
  void askingForTooMuchMemoryIsAFaultOfItsOwn() throws Exception {
    Fault fault = Models.fault(parameter("r").node("big", "ConstantOfShape", List.of("p"), List.of("y")).output("y"), longs("p", 1L << 40));
    assertThat(fault).isInstanceOf(InferFault.OutOfMemory.class);
    assertThat(fault.node().orElseThrow().name()).isEqualTo("big");
    assertThat(fault.summary()).contains("4398046511104 bytes");
  }

  @Test
  void anOverflowOfSizesIsTheCallersWhereTheSizesAre() throws Exception {
    accusesWhole(nodeFailed(parameter("r").node("big", "ConstantOfShape", List.of("p"), List.of("y")).output("y"), longs("p", 1L << 40, 1L << 40)), "inputs/p");
  }

  @Test
  void anInputThatIsMissingOrOfTheWrongTypeIsNamedBeforeTheEngineIsAsked() throws Exception {
    GraphBuilder graph = ids().node("at", "Gather", List.of("rows", "ids"), List.of("y")).output("y");
    assertThat(Models.fault(graph).summary()).contains("input 'ids' is missing (expected: INT64 [-1])");
    assertThat(Models.fault(graph, Tensor.floats("ids", Shape.of(1), 1)).summary()).contains("input 'ids' has data type FP32 (expected: INT64)");
    Fault rank = Models.fault(graph, Tensor.longs("ids", Shape.of(1, 1), 1));
    assertThat(rank.summary()).contains("Invalid rank for input: ids");
    assertThat(rank.field().orElseThrow().path()).isEqualTo("inputs/ids");
  }
}
