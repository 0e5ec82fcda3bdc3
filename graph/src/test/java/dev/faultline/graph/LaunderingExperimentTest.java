package dev.faultline.graph;

import static dev.faultline.graph.ElementType.BOOL;
import static dev.faultline.graph.ElementType.DOUBLE;
import static dev.faultline.graph.ElementType.FLOAT;
import static dev.faultline.graph.ElementType.FLOAT16;
import static dev.faultline.graph.ElementType.FLOAT8E4M3FN;
import static dev.faultline.graph.ElementType.INT32;
import static dev.faultline.graph.ElementType.INT64;
import static dev.faultline.graph.ElementType.INT8;
import static dev.faultline.graph.ElementType.UINT8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The evidence for [Laundering]: what ONNX Runtime does with a NaN, operator by operator.
///
/// Each operator is given rows of 3 and of 37 numbers (so that the vectorised part of a kernel and its rest both run), with one NaN
/// at each place in turn, and a row of nothing but NaN. An operator *swallows* if for any of these no output holds a NaN.
/// A new version of the runtime that behaves in another way fails here, and then the rules must change.
class LaunderingExperimentTest {

  /// An operator to try: reads `x` of shape [1, n], writes `y` and perhaps more.
  record Experiment(String name, GraphBuilder graph) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Experiment> swallowing() {
    List<Experiment> all = new ArrayList<>();
    for (String op : List.of("ArgMax", "ArgMin")) {
      all.add(simple(op, Attribute.ofInt("axis", 1)));
    }
    for (String op : List.of("Hardmax", "ThresholdedRelu", "NonZero", "Unique", "Bernoulli", "Multinomial")) {
      all.add(simple(op));
    }
    all.add(new Experiment("Shrink", with(start(), "Shrink", List.of("x"), Attribute.ofFloat("lambd", 0.5f))));
    for (String op : List.of("ReduceMax", "ReduceMin")) {
      all.add(simple(op));
      all.add(inType(op, DOUBLE));
    }
    for (String op : List.of("Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Equal")) {
      all.add(binary(op, 1));
    }
    for (ElementType type : List.of(INT64, INT32, INT8, UINT8, BOOL)) {
      all.add(new Experiment("Cast to " + type, with(start(), "Cast", List.of("x"), Attribute.ofType("to", type))));
    }
    all.add(
        new Experiment(
            "QuantizeLinear", with(start().initializer("s", new float[] {0.1f}), "QuantizeLinear", List.of("x", "s"))));
    all.add(
        new Experiment(
            "DynamicQuantizeLinear",
            start().node("n", "DynamicQuantizeLinear", List.of("x"), List.of("y", "scale", "zero")).output("y")));
    all.add(pooling("MaxPool", Attribute.ofInts("kernel_shape", 3)));
    all.add(pooling("GlobalMaxPool"));
    all.add(
        new Experiment(
            "MaxRoiPool",
            with(
                image().initializer("rois", new float[] {0, 0, 0, 2, 0}, 1, 5),
                "MaxRoiPool",
                List.of("image", "rois"),
                Attribute.ofInts("pooled_shape", 1, 1))));
    all.add(topK());
    all.add(
        new Experiment(
            "NonMaxSuppression",
            with(
                start()
                    .initializer("boxes", new float[37 * 4], 1, 37, 4)
                    .initializer("max", new long[] {1})
                    .initializer("n", new long[] {37}, 1)
                    .initializer("axis", new long[] {1}, 1)
                    .node("", "Pad", List.of("x", "pads"), List.of("padded"))
                    .initializer("pads", new long[] {0, 0, 0, 37}, 4)
                    .initializer("from", new long[] {0}, 1)
                    .node("", "Slice", List.of("padded", "from", "n", "axis"), List.of("row"))
                    .initializer("zero", new long[] {0}, 1)
                    .node("", "Unsqueeze", List.of("row", "zero"), List.of("scores")),
                "NonMaxSuppression",
                List.of("boxes", "scores", "max"))));
    all.add(binary("Pow", 0));
    all.add(
        new Experiment(
            "LabelEncoder to integers",
            withMl(
                start(), "LabelEncoder", Attribute.ofFloats("keys_floats", 1, 2), Attribute.ofInts("values_int64s", 10, 20))));
    all.add(
        new Experiment(
            "LabelEncoder to floats",
            withMl(
                start(), "LabelEncoder", Attribute.ofFloats("keys_floats", 1, 2), Attribute.ofFloats("values_floats", 10, 20))));
    all.add(new Experiment("OneHotEncoder", withMl(start(), "OneHotEncoder", Attribute.ofInts("cats_int64s", 0, 1, 2))));
    all.add(new Experiment("Imputer, which is asked to", withMl(start(), "Imputer", Attribute.ofFloats("imputed_value_floats", 7), Attribute.ofFloat("replaced_value_float", Float.NaN))));
    return all.stream();
  }

  static Stream<Experiment> passing() {
    List<Experiment> all = new ArrayList<>();
    for (String op :
        List.of(
            "Abs", "Atan", "Ceil", "Celu", "Elu", "Erf", "Exp", "Floor", "HardSigmoid", "HardSwish", "LeakyRelu", "LogSoftmax",
            "LpNormalization", "Mish", "Neg", "Reciprocal", "ReduceL1", "ReduceL2", "ReduceLogSumExp", "ReduceMean", "ReduceProd",
            "ReduceSum", "ReduceSumSquare", "Relu", "Round", "Selu", "Sigmoid", "Sign", "Sin", "Softmax", "Softplus", "Softsign",
            "Sqrt", "Tanh")) {
      all.add(simple(op));
    }
    for (String op : List.of("Relu", "Sigmoid", "Softmax", "ReduceSum")) {
      all.add(inType(op, DOUBLE));
    }
    for (String op : List.of("Max", "Min", "Add", "Mul", "Div", "Sub")) {
      all.add(binary(op, 1));
      all.add(new Experiment(op + " of equal shapes", with(start().node("", "Abs", List.of("x"), List.of("a")), op, List.of("a", "x"))));
    }
    all.add(binary("Pow", 2));
    all.add(
        new Experiment(
            "Clip", with(start().initializer("lo", new float[] {0}).initializer("hi", new float[] {1}), "Clip", List.of("x", "lo", "hi"))));
    all.add(new Experiment("Cast to FLOAT16", roundTrip(FLOAT16)));
    all.add(new Experiment("Cast to FLOAT8E4M3FN", roundTrip(FLOAT8E4M3FN)));
    all.add(pooling("AveragePool", Attribute.ofInts("kernel_shape", 3)));
    all.add(pooling("GlobalAveragePool"));
    for (String activation : List.of("Relu", "Sigmoid", "Tanh", "LeakyRelu", "HardSigmoid")) {
      all.add(new Experiment("Conv fused with " + activation, convThen(activation)));
      all.add(new Experiment("MatMul, Add fused with " + activation, gemmThen(activation)));
    }
    all.add(new Experiment("LinearClassifier, in its scores", classifier("LinearClassifier")));
    all.add(new Experiment("SVMRegressor", svm("SVMRegressor", Attribute.ofInt("n_supports", 2))));
    all.add(
        new Experiment(
            "SVMClassifier without probabilities, in its scores",
            svm("SVMClassifier", Attribute.ofInts("vectors_per_class", 1, 1), Attribute.ofInts("classlabels_ints", 0, 1))));
    all.add(new Experiment("Scaler", withMl(start(), "Scaler", Attribute.ofFloats("offset", 1), Attribute.ofFloats("scale", 2))));
    return all.stream();
  }

  static Stream<Experiment> swallowingInScoresToo() {
    return Stream.of(
        new Experiment(
            "SVMClassifier with probabilities",
            svm(
                "SVMClassifier",
                Attribute.ofInts("vectors_per_class", 1, 1),
                Attribute.ofInts("classlabels_ints", 0, 1),
                Attribute.ofFloats("prob_a", -1),
                Attribute.ofFloats("prob_b", 0.1f))));
  }

  @ParameterizedTest
  @MethodSource({"swallowing", "swallowingInScoresToo"})
  void nanIsLostIn(Experiment experiment) throws Exception {
    assertThat(lost(experiment)).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("passing")
  void nanComesThrough(Experiment experiment) throws Exception {
    assertThat(lost(experiment)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Sigmoid", "Tanh", "Erf", "Sign", "HardSigmoid", "Reciprocal", "Atan"})
  void infinitySaturatesIn(String op) throws Exception {
    try (Session session = Session.of(simple(op).graph().build())) {
      float[][] y = Objects.requireNonNull((float[][]) session.run(Map.of("x", new float[][] {{Float.POSITIVE_INFINITY}})).get("y"));
      assertThat(y).hasDimensions(1, 1);
      assertThat(Float.isFinite(y[0][0])).as("%s(Inf) = %s is finite", op, y[0][0]).isTrue();
    }
  }

  @Test
  void clipWithoutUpperBoundMakesTheLargestFloatOfInfinity() throws Exception {
    GraphBuilder clip = with(start().initializer("lo", new float[] {0}), "Clip", List.of("x", "lo"));
    try (Session session = Session.of(clip.build())) {
      float[][] y = (float[][]) session.run(Map.of("x", new float[][] {{Float.POSITIVE_INFINITY}})).get("y");
      assertThat(y).isDeepEqualTo(new float[][] {{Float.MAX_VALUE}});
    }
  }

  @Test
  void binarizerRefusesNanAndSaysWhere() throws Exception {
    try (Session session = Session.of(withMl(start(), "Binarizer").build())) {
      assertThatThrownBy(() -> session.run(Map.of("x", new float[][] {{1, Float.NaN}})))
          .hasMessageContaining("Input data with index: 1 is NaN");
    }
  }

  /// The rows of which no NaN came out.
  private static List<String> lost(Experiment experiment) throws Exception {
    List<String> lost = new ArrayList<>();
    try (Session session = Session.of(experiment.graph().build())) {
      for (float[][] x : rows()) {
        Map<String, Object> outputs = session.run(Map.of("x", x));
        if (outputs.values().stream().noneMatch(LaunderingExperimentTest::holdsNan)) {
          lost.add(Arrays.toString(x[0]));
        }
      }
    }
    return lost;
  }

  private static List<float[][]> rows() {
    List<float[][]> rows = new ArrayList<>();
    for (int size : new int[] {3, 37}) {
      for (int nan = 0; nan < size; nan++) {
        float[][] x = new float[1][size];
        for (int i = 0; i < size; i++) {
          x[0][i] = i == nan ? Float.NaN : i - 1;
        }
        rows.add(x);
      }
    }
    rows.add(new float[][] {{Float.NaN, Float.NaN, Float.NaN}});
    return rows;
  }

  private static boolean holdsNan(Object value) {
    return switch (value) {
      case Float number -> number.isNaN();
      case Double number -> number.isNaN();
      case Object array when array.getClass().isArray() -> {
        boolean found = false;
        for (int i = 0; i < Array.getLength(array); i++) {
          found |= holdsNan(Array.get(array, i));
        }
        yield found;
      }
      default -> false;
    };
  }

  private static GraphBuilder start() {
    return GraphBuilder.named("experiment").input("x", FLOAT, 1, "n");
  }

  private static GraphBuilder with(GraphBuilder graph, String op, List<String> inputs, Attribute... attributes) {
    return graph.node("n", op, inputs, List.of("y"), attributes).output("y");
  }

  private static GraphBuilder withMl(GraphBuilder graph, String op, Attribute... attributes) {
    return graph.mlNode("n", op, List.of("x"), List.of("y"), attributes).output("y");
  }

  private static Experiment simple(String op, Attribute... attributes) {
    return new Experiment(op, with(start(), op, List.of("x"), attributes).opset("", op.equals("Mish") ? 18 : 17));
  }

  private static Experiment inType(String op, ElementType type) {
    return new Experiment(
        op + " in " + type,
        with(start().node("", "Cast", List.of("x"), List.of("cast"), Attribute.ofType("to", type)), op, List.of("cast")));
  }

  private static GraphBuilder roundTrip(ElementType type) {
    return with(
            start().node("", "Cast", List.of("x"), List.of("cast"), Attribute.ofType("to", type)),
            "Cast",
            List.of("cast"),
            Attribute.ofType("to", FLOAT))
        .opset("", 19);
  }

  private static Experiment binary(String op, float other) {
    return new Experiment(op + " with " + other, with(start().initializer("c", new float[] {other}, 1), op, List.of("x", "c")));
  }

  private static Experiment topK() {
    return new Experiment(
        "TopK",
        start()
            .initializer("k", new long[] {1}, 1)
            .node("n", "TopK", List.of("x", "k"), List.of("y", "index"))
            .output("y")
            .output("index"));
  }

  /// The row as an image of one channel and width 1.
  private static GraphBuilder image() {
    return start()
        .initializer("shape", new long[] {1, 1, -1, 1}, 4)
        .node("", "Reshape", List.of("x", "shape"), List.of("image"));
  }

  private static Experiment pooling(String op, Attribute... attributes) {
    GraphBuilder row =
        start().initializer("shape", new long[] {1, 1, -1}, 3).node("", "Reshape", List.of("x", "shape"), List.of("image"));
    return new Experiment(op, with(row, op, List.of("image"), attributes));
  }

  private static GraphBuilder convThen(String activation) {
    return with(
        image()
            .initializer("kernel", new float[] {1}, 1, 1, 1, 1)
            .node("conv", "Conv", List.of("image", "kernel"), List.of("h")),
        activation,
        List.of("h"));
  }

  private static GraphBuilder gemmThen(String activation) {
    return with(
        GraphBuilder.named("experiment")
            .input("x", FLOAT, 1, "n")
            .initializer("sum", new long[] {1, 1}, 2)
            .node("", "ReduceSum", List.of("x"), List.of("s"))
            .initializer("w", new float[] {1, -1, 1}, 1, 3)
            .initializer("b", new float[] {1, 2, 3}, 3)
            .node("", "MatMul", List.of("s", "w"), List.of("m"))
            .node("", "Add", List.of("m", "b"), List.of("h")),
        activation,
        List.of("h"));
  }

  private static GraphBuilder classifier(String op) {
    return first3()
        .mlNode(
            "n",
            op,
            List.of("x3"),
            List.of("label", "y"),
            Attribute.ofFloats("coefficients", 1, 0, 0, 0, 1, 0, 0, 0, 1),
            Attribute.ofFloats("intercepts", 0, 0, 0),
            Attribute.ofInts("classlabels_ints", 0, 1, 2),
            Attribute.ofString("post_transform", "SOFTMAX"))
        .output("label")
        .output("y");
  }

  private static GraphBuilder svm(String op, Attribute... attributes) {
    List<Attribute> all =
        new ArrayList<>(
            List.of(
                Attribute.ofString("kernel_type", "RBF"),
                Attribute.ofFloats("kernel_params", 0.5f, 0, 3),
                Attribute.ofFloats("support_vectors", 1, 1, 1, 0, 0, 0),
                Attribute.ofFloats("coefficients", 1, -1),
                Attribute.ofFloats("rho", 0.1f)));
    all.addAll(List.of(attributes));
    List<String> outputs = op.equals("SVMClassifier") ? List.of("label", "y") : List.of("y");
    GraphBuilder graph = first3().mlNode("n", op, List.of("x3"), outputs, all.toArray(Attribute[]::new));
    outputs.forEach(graph::output);
    return graph;
  }

  /// Three features, of which the first is NaN if any number of the row is.
  private static GraphBuilder first3() {
    return start()
        .node("", "ReduceSum", List.of("x"), List.of("s"))
        .initializer("ones", new float[] {1, 1, 1}, 1, 3)
        .node("", "Mul", List.of("s", "ones"), List.of("x3"));
  }
}
