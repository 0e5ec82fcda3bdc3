package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;

/// Reads a graph for nodes that some input can make fail: suspects to look at first, and advice before there is a fault.
///
/// A node is not risky when what it reads comes from the model alone, or went through a guard: `Log(Add(Relu(x), 1))`, `Sqrt(Abs(x))`,
/// `Exp(Sub(x, ReduceMax(x)))`, `Gather` behind `Clip`. Bodies and functions are read too; what they capture counts as data.
public final class RiskLint {

  private static final Set<String> POSITIVE = Set.of("Exp", "Softplus");

  private static final Set<String> NOT_NEGATIVE =
      Set.of("Abs", "Relu", "Sqrt", "Sigmoid", "Softmax", "HardSigmoid", "ReduceSumSquare", "ReduceL1", "ReduceL2", "Erfc", "Shape", "Size", "ArgMax", "ArgMin", "NonZero");

  /// Their values stay within about 1, or come from the numbers of a shape.
  private static final Set<String> SMALL = Set.of("Sigmoid", "Tanh", "Softmax", "HardSigmoid", "Softsign", "Erf", "Sin", "Cos", "Clip", "LogSoftmax", "Sign");

  /// They keep a sign and do not come nearer to 0 than their operand.
  private static final Set<String> SIGN_KEEPERS =
      Set.of("Identity", "Cast", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Expand", "Tile", "Slice", "Gather", "ReduceMean", "ReduceSum", "ReduceMax", "Concat");

  private static final int DEPTH_MAX = 16;

  private final Graph graph;
  private final ElementTypes types;
  private final Set<String> data = new HashSet<>();
  private final List<Risk> risks = new ArrayList<>();

  private RiskLint(Graph graph) {
    this.graph = graph;
    this.types = ElementTypes.of(graph);
    graph.inputs().forEach(input -> data.add(input.name()));
    for (Node node : graph.nodes()) {
      if (!Provenance.SHAPES.contains(node.op()) && node.reads().stream().anyMatch(data::contains)) {
        data.addAll(node.writes());
      }
    }
  }

  /// The risks of a graph, the worst kind first, within a kind in topological order; bodies after their control node.
  public static List<Risk> find(Graph graph) {
    Unfolding unfolding = Unfolding.of(NodeNames.complete(graph));
    RiskLint lint = new RiskLint(unfolding.graph());
    for (Node node : lint.graph.nodes()) {
      lint.look(node, unfolding.place(node));
    }
    Launderers.find(lint.graph).forEach(launderer -> lint.risk(unfolding.place(launderer.node()), Risk.Kind.LAUNDERING, "NaN in " + launderer.watch() + " comes out as a sound value"));
    lint.risks.sort(Comparator.comparing(Risk::kind));
    return List.copyOf(lint.risks);
  }

  private void look(Node node, Placed at) {
    switch (node.op()) {
      case "Div", "Mod" -> division(node, at);
      case "Log" -> domain(node, at, 0, this::isPositive, "a logarithm of 0 or less");
      case "Reciprocal" -> domain(node, at, 0, this::isPositive, "a division by 0");
      case "Sqrt" -> domain(node, at, 0, this::isNotNegative, "a square root of a negative number");
      case "Acos", "Asin", "Atanh" -> domain(node, at, 0, this::isSmall, "an operand outside -1 to 1");
      case "Exp", "Sinh", "Cosh", "ReduceLogSumExp" -> overflow(node, at);
      case "Pow" -> power(node, at);
      case "Gather", "GatherElements", "GatherND", "ScatterElements", "ScatterND" -> lookup(node, at);
      case "Cast" -> cast(node, at);
      case "LSTM", "GRU" -> risk(at, Risk.Kind.CRASH, "an empty sequence or batch ends the process");
      case "Reshape", "Expand", "Tile", "Split", "TopK", "OneHot", "Range", "ConstantOfShape", "Pad", "Resize" -> sizes(node, at);
      case "If", "Loop", "Scan" -> bodies(node, at);
      default -> {}
    }
  }

  private void division(Node node, Placed at) {
    String divisor = input(node, 1);
    if (!data.contains(divisor)) {
      constantDivisor(node, at, divisor);
      return;
    }
    if (types.of(divisor).isInteger() || types.of(input(node, 0)).isInteger()) {
      if (!isPositive(divisor, 0)) {
        risk(at, Risk.Kind.DIVISION, "the divisor " + divisor + " comes from the request and may be 0");
        risk(at, Risk.Kind.CRASH, "the smallest integer divided by -1 ends the process");
      }
    } else if (!isPositive(divisor, 0)) {
      risk(at, Risk.Kind.DOMAIN, "the divisor " + divisor + " may be 0");
    }
  }

  private void constantDivisor(Node node, Placed at, String divisor) {
    constant(divisor)
        .filter(tensor -> holds(tensor, value -> value == 0))
        .ifPresent(_ -> risk(at, types.of(input(node, 0)).isInteger() ? Risk.Kind.DIVISION : Risk.Kind.DOMAIN, "the constant divisor " + divisor + " holds 0"));
  }

  /// Whether a value is kept within what a function takes.
  @FunctionalInterface
  private interface Guard {
    boolean holds(String value, int depth);
  }

  private void domain(Node node, Placed at, int position, Guard guard, String words) {
    if (data.contains(input(node, position)) && !guard.holds(input(node, position), 0)) {
      risk(at, Risk.Kind.DOMAIN, words + " when " + input(node, position) + " is one");
    }
  }

  private void overflow(Node node, Placed at) {
    String value = input(node, 0);
    if (data.contains(value) && !isBoundedAbove(value)) {
      risk(at, Risk.Kind.OVERFLOW, "a large " + value + " overflows");
    }
  }

  private void power(Node node, Placed at) {
    Optional<Tensor> exponent = constant(input(node, 1));
    boolean whole = exponent.filter(tensor -> !holds(tensor, value -> value != Math.rint(value) || value < 0)).isPresent();
    if (data.contains(input(node, 0)) && !whole && !isNotNegative(input(node, 0), 0)) {
      risk(at, Risk.Kind.DOMAIN, "a negative " + input(node, 0) + " has no such power");
    }
    if (exponent.isEmpty()) {
      risk(at, Risk.Kind.OVERFLOW, "the power may be too large");
    }
  }

  private void lookup(Node node, Placed at) {
    String indices = input(node, 1);
    if (data.contains(indices) && !isMadeBy(indices, Set.of("Clip", "ArgMax", "ArgMin", "NonZero", "TopK", "Mod", "Min"), 0)) {
      risk(at, Risk.Kind.LOOKUP, "the index " + indices + " comes from the request and may be outside " + input(node, 0));
    }
  }

  private void cast(Node node, Placed at) {
    String value = input(node, 0);
    ElementType from = types.of(value);
    ElementType to = ElementType.of(NodeAttributes.of(graph, node).integer("to", 0));
    if (from == ElementType.STRING && to != ElementType.STRING) {
      risk(at, Risk.Kind.TEXT, value + " must be text of numbers");
    } else if (isNarrower(from, to)) {
      risk(at, Risk.Kind.PRECISION, from + " to " + to + " loses digits and overflows early");
    } else if (from == ElementType.INT64 && (to == ElementType.INT32 || to == ElementType.INT16 || to == ElementType.INT8) && data.contains(value)) {
      risk(at, Risk.Kind.PRECISION, from + " to " + to + " wraps around");
    }
  }

  private static boolean isNarrower(ElementType from, ElementType to) {
    return switch (from) {
      case DOUBLE -> to.isFloat() && to != ElementType.DOUBLE;
      case FLOAT -> to == ElementType.FLOAT16 || to == ElementType.BFLOAT16;
      default -> false;
    };
  }

  private void sizes(Node node, Placed at) {
    IntStream.range(node.op().equals("ConstantOfShape") || node.op().equals("Range") ? 0 : 1, node.inputs().size())
        .mapToObj(node.inputs()::get)
        .filter(value -> data.contains(value) && types.of(value).isInteger())
        .findFirst()
        .ifPresent(value -> risk(at, Risk.Kind.SIZE, value + " comes from the request and says how large the result is"));
  }

  /// A body is read as a graph whose inputs are its own and what it captures.
  private void bodies(Node node, Placed at) {
    if (at.scope().size() >= DEPTH_MAX) {
      return;
    }
    NodeProto proto = graph.proto(node);
    for (GraphProto body : Captures.bodies(proto)) {
      GraphProto.Builder alone = body.toBuilder();
      for (String captured : node.captures()) {
        if (data.contains(captured)) {
          alone.addInput(ValueInfoProto.newBuilder().setName(captured).setType(typed(captured)));
        }
      }
      node.captures().stream().filter(captured -> !data.contains(captured)).flatMap(captured -> GraphConstants.proto(graph, captured).stream()).forEach(alone::addInitializer);
      RiskLint inner = new RiskLint(graph.with(alone.build()));
      inner.graph.nodes().forEach(each -> inner.look(each, at.inner(each.name(), each.op(), each.writes().stream().findFirst().orElse(""))));
      risks.addAll(inner.risks);
    }
  }

  private TypeProto typed(String value) {
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(types.of(value).number()))
        .build();
  }

  private boolean isPositive(String value, int depth) {
    return isMadeBy(value, POSITIVE, depth)
        || all(value, x -> x > 0)
        || bound(value, "Clip", 1, x -> x > 0)
        || producer(value, "Max").filter(node -> node.inputs().stream().anyMatch(each -> all(each, x -> x > 0))).isPresent()
        || producer(value, "Add").filter(node -> isSumOfPositive(node, depth)).isPresent()
        || isKept(value, depth, this::isPositive);
  }

  private boolean isSumOfPositive(Node add, int depth) {
    return depth < DEPTH_MAX
        && add.inputs().stream().anyMatch(each -> isPositive(each, depth + 1))
        && add.inputs().stream().allMatch(each -> isNotNegative(each, depth + 1));
  }

  private boolean isNotNegative(String value, int depth) {
    if (depth > DEPTH_MAX) {
      return false;
    }
    return isMadeBy(value, NOT_NEGATIVE, depth)
        || all(value, x -> x >= 0)
        || isPositive(value, depth + 1)
        || bound(value, "Clip", 1, x -> x >= 0)
        || producer(value, "Max").filter(node -> node.inputs().stream().anyMatch(each -> all(each, x -> x >= 0))).isPresent()
        || producer(value, "Mul").filter(node -> input(node, 0).equals(input(node, 1))).isPresent()
        || producer(value, "Pow").filter(node -> all(input(node, 1), x -> x % 2 == 0)).isPresent()
        || producer(value, "Add").filter(node -> node.inputs().stream().allMatch(each -> isNotNegative(each, depth + 1))).isPresent()
        || isKept(value, depth, this::isNotNegative);
  }

  private boolean isKept(String value, int depth, Guard guard) {
    return depth < DEPTH_MAX
        && graph.findProducer(value).filter(node -> SIGN_KEEPERS.contains(node.op()) && guard.holds(input(node, 0), depth + 1)).isPresent()
        && producer(value, "Concat").filter(node -> !node.inputs().stream().allMatch(each -> guard.holds(each, depth + 1))).isEmpty();
  }

  private boolean isSmall(String value, int depth) {
    return isMadeBy(value, SMALL, depth);
  }

  private boolean isBoundedAbove(String value) {
    return isMadeBy(value, SMALL, 0)
        || bound(value, "Clip", 2, x -> x < Double.MAX_VALUE)
        || producer(value, "Min").filter(node -> node.inputs().stream().anyMatch(each -> all(each, x -> x < Double.MAX_VALUE))).isPresent()
        || producer(value, "Neg").filter(node -> isNotNegative(input(node, 0), 0)).isPresent()
        || producer(value, "Sub").filter(node -> producer(input(node, 1), "ReduceMax").isPresent()).isPresent();
  }

  private boolean bound(String value, String op, int position, DoublePredicate holds) {
    return producer(value, op).filter(node -> all(input(node, position), holds)).isPresent();
  }

  private boolean isMadeBy(String value, Set<String> ops, int depth) {
    Optional<Node> producer = graph.findProducer(value);
    return producer.isPresent()
        && (ops.contains(producer.get().op())
            || (depth < DEPTH_MAX && SIGN_KEEPERS.contains(producer.get().op()) && !producer.get().op().startsWith("Reduce") && isMadeBy(input(producer.get(), 0), ops, depth + 1)));
  }

  private Optional<Node> producer(String value, String op) {
    return graph.findProducer(value).filter(node -> node.op().equals(op));
  }

  private boolean all(String value, DoublePredicate holds) {
    return constant(value).filter(tensor -> !holds(tensor, element -> !holds.test(element))).isPresent();
  }

  private Optional<Tensor> constant(String value) {
    return GraphConstants.find(graph, value).filter(tensor -> tensor.type() != DataType.BYTES);
  }

  private static boolean holds(Tensor tensor, DoublePredicate element) {
    return IntStream.range(0, tensor.count()).anyMatch(flat -> element.test(tensor.doubleAt(flat)));
  }

  private static String input(Node node, int position) {
    return position < node.inputs().size() ? node.inputs().get(position) : "";
  }

  private void risk(Placed at, Risk.Kind kind, String words) {
    risks.add(new Risk(at, kind, words));
  }
}
