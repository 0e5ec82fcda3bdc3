package dev.faultline.graph;

import static java.util.Map.entry;

import dev.faultline.graph.Launderer.Kind;
import dev.faultline.graph.proto.FunctionProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is known about operators that launder: which they are and where a non-finite number enters.
///
/// The list is measured, not deduced: `LaunderingExperimentTest` runs each of these, and those one might suspect as well, in the
/// ONNX Runtime that this project uses, and fails when a version behaves in another way.
///
/// @param kind how the operator launders
/// @param watches the values to look at
record Laundering(Kind kind, List<String> watches) {

  /// Kind and positions of the inputs that count.
  private record Rule(Kind kind, List<Integer> positions) {
    Rule(Kind kind, Integer... positions) {
      this(kind, List.of(positions));
    }
  }

  private static final Map<String, Rule> ONNX =
      Map.ofEntries(
          entry("ArgMax", new Rule(Kind.RANKING, 0)),
          entry("ArgMin", new Rule(Kind.RANKING, 0)),
          entry("TopK", new Rule(Kind.RANKING, 0)),
          entry("Hardmax", new Rule(Kind.RANKING, 0)),
          entry("Unique", new Rule(Kind.RANKING, 0)),
          entry("NonMaxSuppression", new Rule(Kind.RANKING, 0, 1)),
          entry("Greater", new Rule(Kind.COMPARISON, 0, 1)),
          entry("GreaterOrEqual", new Rule(Kind.COMPARISON, 0, 1)),
          entry("Less", new Rule(Kind.COMPARISON, 0, 1)),
          entry("LessOrEqual", new Rule(Kind.COMPARISON, 0, 1)),
          entry("NonZero", new Rule(Kind.COMPARISON, 0)),
          entry("ThresholdedRelu", new Rule(Kind.COMPARISON, 0)),
          entry("Shrink", new Rule(Kind.COMPARISON, 0)),
          entry("ReduceMax", new Rule(Kind.SELECTION, 0)),
          entry("ReduceMin", new Rule(Kind.SELECTION, 0)),
          entry("MaxPool", new Rule(Kind.SELECTION, 0)),
          entry("GlobalMaxPool", new Rule(Kind.SELECTION, 0)),
          entry("MaxRoiPool", new Rule(Kind.SELECTION, 0)),
          entry("QuantizeLinear", new Rule(Kind.CONVERSION, 0)),
          entry("DynamicQuantizeLinear", new Rule(Kind.CONVERSION, 0)),
          entry("Multinomial", new Rule(Kind.SAMPLING, 0)),
          entry("Bernoulli", new Rule(Kind.SAMPLING, 0)));

  private static final Map<String, Rule> ML =
      Map.of("LabelEncoder", new Rule(Kind.LOOKUP, 0), "OneHotEncoder", new Rule(Kind.LOOKUP, 0));

  private static final Set<String> CONTROL = Set.of("If", "Loop", "Scan");

  /// How this node launders, if it does. Whether a watched value is a float is another question.
  static Optional<Laundering> of(Node node, Graph graph, ElementTypes types) {
    NodeProto proto = graph.proto(node);
    if (node.domain().isEmpty() && node.op().equals("Pow")) {
      return hasConstantExponent(node, graph) ? Optional.empty() : reading(proto, new Rule(Kind.POWER, 0, 1));
    }
    return own(proto, types).or(() -> nested(node, proto, graph, types));
  }

  /// The usual `Pow(x, 2)` lets NaN through.
  private static boolean hasConstantExponent(Node node, Graph graph) {
    String exponent = node.inputs().size() > 1 ? node.inputs().get(1) : "";
    return graph.initializers().containsKey(exponent)
        || graph.findProducer(exponent).filter(producer -> producer.op().equals("Constant")).isPresent();
  }

  private static Optional<Laundering> own(NodeProto node, ElementTypes types) {
    return switch (Graph.domain(node.getDomain())) {
      case "" -> ownOnnx(node, types);
      case "ai.onnx.ml" -> ownMl(node);
      default -> Optional.empty();
    };
  }

  private static Optional<Laundering> ownOnnx(NodeProto node, ElementTypes types) {
    return switch (node.getOpType()) {
      case "Equal" -> isNanCheck(node) ? Optional.empty() : reading(node, new Rule(Kind.COMPARISON, 0, 1));
      case "Cast", "CastLike" ->
          types.mayBeFloat(node.getOutputCount() == 0 ? "" : node.getOutput(0))
              ? Optional.empty()
              : reading(node, new Rule(Kind.CONVERSION, 0));
      default -> Optional.ofNullable(ONNX.get(node.getOpType())).flatMap(rule -> reading(node, rule));
    };
  }

  /// `x == x` asks whether x is NaN.
  private static boolean isNanCheck(NodeProto node) {
    return node.getInputCount() == 2 && node.getInput(0).equals(node.getInput(1));
  }

  private static Optional<Laundering> ownMl(NodeProto node) {
    return switch (node.getOpType()) {
      case "LinearClassifier" -> Optional.of(new Laundering(Kind.CLASSIFIER, scores(node)));
      case "SVMClassifier" -> Optional.of(new Laundering(Kind.CLASSIFIER, svmWatches(node)));
      default -> Optional.ofNullable(ML.get(node.getOpType())).flatMap(rule -> reading(node, rule));
    };
  }

  /// With calibrated probabilities an SVM turns NaN into equal probabilities, so its input is watched; without, its scores.
  private static List<String> svmWatches(NodeProto node) {
    boolean calibrated = ElementTypes.find(node, "prob_a").filter(a -> a.getFloatsCount() > 0).isPresent();
    return calibrated ? node.getInputList() : scores(node);
  }

  /// The scores, or what they come from if the model leaves them out.
  private static List<String> scores(NodeProto node) {
    boolean stated = node.getOutputCount() > 1 && !node.getOutput(1).isEmpty();
    return stated ? List.of(node.getOutput(1)) : node.getInputList();
  }

  private static Optional<Laundering> reading(NodeProto node, Rule rule) {
    List<String> watches =
        rule.positions().stream().filter(i -> i < node.getInputCount()).map(node::getInput).distinct().toList();
    return Optional.of(new Laundering(rule.kind(), watches));
  }

  private static Optional<Laundering> nested(Node node, NodeProto proto, Graph graph, ElementTypes types) {
    boolean launders =
        CONTROL.contains(node.op())
            ? Captures.bodies(proto).stream().anyMatch(body -> launders(body, types))
            : function(proto, graph).filter(Laundering::launders).isPresent();
    return launders ? Optional.of(new Laundering(Kind.BODY, List.copyOf(node.reads()))) : Optional.empty();
  }

  private static boolean launders(GraphProto body, ElementTypes outer) {
    ElementTypes types = ElementTypes.of(body, outer);
    return body.getNodeList().stream()
        .anyMatch(
            node ->
                own(node, types).filter(found -> found.watches().stream().anyMatch(types::mayBeFloat)).isPresent()
                    || Captures.bodies(node).stream().anyMatch(inner -> launders(inner, types)));
  }

  /// A function says nothing about types, so operators that launder floats count whatever they are given.
  private static boolean launders(FunctionProto function) {
    GraphProto body = GraphProto.newBuilder().addAllNode(function.getNodeList()).build();
    return launders(body, ElementTypes.of(GraphProto.getDefaultInstance(), null));
  }

  private static Optional<FunctionProto> function(NodeProto node, Graph graph) {
    return graph.model().getFunctionsList().stream()
        .filter(function -> function.getName().equals(node.getOpType()))
        .filter(function -> Graph.domain(function.getDomain()).equals(Graph.domain(node.getDomain())))
        .findFirst();
  }
}
