package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A copy of a graph that says of each floating value whether all of it is finite, and brings nothing else out.
///
/// `x - x` is 0 for a finite number and NaN for any other, and a sum with NaN in it is NaN: so one number for each value is enough, and a
/// run of the copy needs hardly more memory than one of the original, however large its inner values are. The original's outputs are not
/// outputs of the copy.
public final class FiniteProbe {

  private static final String SUFFIX = "/finite?";

  /// Whether values of which the operators do not tell the type are asked too; the engine refuses the copy if one is no number.
  public enum Reach {
    KNOWN_FLOATS,
    POSSIBLE_FLOATS
  }

  private FiniteProbe() {}

  /// The copy; its nodes keep their names and order.
  public static Graph of(Graph graph, Reach reach) {
    GraphProto.Builder probed = graph.model().getGraph().toBuilder().clearOutput();
    ElementTypes types = ElementTypes.of(graph);
    for (String value : values(graph, types, reach)) {
      String finite = value + SUFFIX;
      probed.addAllNode(question(value, types.of(value)));
      probed.addOutput(ValueInfoProto.newBuilder().setName(finite));
    }
    return graph.with(probed.build());
  }

  /// The values that were not finite in a run of the copy, in topological order.
  public static List<String> nonfinite(Graph graph, Map<String, Tensor> outputs) {
    List<String> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      for (String value : node.writes()) {
        Optional.ofNullable(outputs.get(value + SUFFIX)).filter(tensor -> !tensor.isFiniteAt(0)).ifPresent(_ -> found.add(value));
      }
    }
    return found;
  }

  /// A copy of a `Loop` or `Scan` and what it needs, whose outputs say of each floating value of its body, iteration by iteration, whether
  /// all of it was finite.
  public static Graph ofIterations(Graph graph, Node node, Reach reach) {
    NodeProto.Builder asking = graph.proto(node).toBuilder();
    GraphProto.Builder copy = graph.model().getGraph().toBuilder();
    List<String> answers = new ArrayList<>();
    for (int i = 0; i < asking.getAttributeCount(); i++) {
      if (asking.getAttribute(i).getName().equals("body")) {
        GraphProto.Builder body = asking.getAttribute(i).getG().toBuilder();
        answers.addAll(ask(body, ElementTypes.of(body.build(), ElementTypes.of(graph)), reach));
        asking.setAttribute(i, asking.getAttribute(i).toBuilder().setG(body));
      }
    }
    answers.forEach(answer -> asking.addOutput(node.name() + "/" + answer));
    copy.setNode(node.index(), asking);
    List<String> outputs = answers.stream().map(answer -> node.name() + "/" + answer).toList();
    return GraphSlice.of(graph.with(copy.build()), outputs);
  }

  /// The first iteration in which something was not finite; empty when there is none.
  public static Optional<Long> firstNonfiniteIteration(Map<String, Tensor> outputs) {
    return outputs.values().stream().map(FiniteProbe::firstNonfinite).flatMap(Optional::stream).min(Long::compare);
  }

  private static Optional<Long> firstNonfinite(Tensor answers) {
    for (int i = 0; i < answers.count(); i++) {
      if (!answers.isFiniteAt(i)) {
        return Optional.of((long) i);
      }
    }
    return Optional.empty();
  }

  private static List<String> ask(GraphProto.Builder body, ElementTypes types, Reach reach) {
    List<String> answers = new ArrayList<>();
    Set<String> values = new LinkedHashSet<>();
    body.getNodeList().forEach(node -> values.addAll(node.getOutputList()));
    for (String value : values) {
      if (isAsked(value, types, reach)) {
        body.addAllNode(question(value, types.of(value)));
        body.addOutput(ValueInfoProto.newBuilder().setName(value + SUFFIX));
        answers.add(value + SUFFIX);
      }
    }
    return answers;
  }

  private static Set<String> values(Graph graph, ElementTypes types, Reach reach) {
    Set<String> values = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      node.writes().stream().filter(value -> isAsked(value, types, reach)).forEach(values::add);
    }
    return values;
  }

  private static boolean isAsked(String value, ElementTypes types, Reach reach) {
    return !value.isEmpty() && (reach == Reach.KNOWN_FLOATS ? types.isFloat(value) : types.mayBeFloat(value));
  }

  private static List<NodeProto> question(String value, ElementType type) {
    List<NodeProto> nodes = new ArrayList<>();
    boolean plain = type == ElementType.FLOAT || type == ElementType.DOUBLE || type == ElementType.FLOAT16;
    String number = plain ? value : value + "/number";
    if (!plain) {
      nodes.add(node("Cast", number, value).addAttribute(integer("to", ElementType.FLOAT.number())).build());
    }
    nodes.add(node("Sub", value + "/nothing", number, number).build());
    nodes.add(node("ReduceSum", value + SUFFIX, value + "/nothing").addAttribute(integer("keepdims", 0)).build());
    return nodes;
  }

  private static NodeProto.Builder node(String op, String output, String... inputs) {
    return NodeProto.newBuilder().setOpType(op).setName(output).addAllInput(List.of(inputs)).addOutput(output);
  }

  private static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INT).setI(value).build();
  }
}
