package dev.faultline.graph;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// In what a graph differs from an earlier one: constants element by element, attributes, operator sets, and nodes.
///
/// Names, documentation, the producer and the order of nodes are no differences, nor is a constant that became a `Constant` node. The
/// graphs held here are those compared, with such nodes turned back into constants; changes are named after them, and [GraphGraft] takes
/// them back.
///
/// @param changes likeliest to matter first: constants and attributes by how near to the inputs they are used, then by how much changed
public record GraphDiff(Graph good, Graph bad, List<Change> changes) {

  private static final int TEXT_MAX = 120;

  public GraphDiff {
    changes = List.copyOf(changes);
  }

  public static GraphDiff of(Graph good, Graph bad) {
    Graph before = LiftedConstants.of(NodeNames.complete(good));
    Graph after = LiftedConstants.of(NodeNames.complete(bad));
    GraphAlignment alignment = GraphAlignment.of(before, after);
    List<Change> changes = new ArrayList<>();
    changes.addAll(weights(before, after, alignment));
    changes.addAll(arguments(before, after, alignment));
    changes.addAll(opsets(before, after));
    structure(before, after, alignment).ifPresent(changes::add);
    return new GraphDiff(before, after, ChangeOrder.sorted(after, changes));
  }

  private static List<Change> weights(Graph good, Graph bad, GraphAlignment alignment) {
    List<Change> changes = new ArrayList<>();
    for (TensorProto tensor : bad.model().getGraph().getInitializerList()) {
      alignment
          .goodConstant(tensor.getName())
          .flatMap(name -> GraphConstants.proto(good, name))
          .flatMap(other -> WeightsComparison.of(other, tensor))
          .ifPresent(changes::add);
    }
    return changes;
  }

  private static List<Change> arguments(Graph good, Graph bad, GraphAlignment alignment) {
    List<Change> changes = new ArrayList<>();
    for (Node node : bad.nodes()) {
      alignment.good(node).ifPresent(partner -> changes.addAll(arguments(good, partner, bad, node)));
    }
    return changes;
  }

  private static List<Change> arguments(Graph good, Node partner, Graph bad, Node node) {
    NodeProto before = good.proto(partner);
    NodeProto after = bad.proto(node);
    Set<String> names = new LinkedHashSet<>();
    after.getAttributeList().forEach(each -> names.add(each.getName()));
    before.getAttributeList().forEach(each -> names.add(each.getName()));
    return names.stream()
        .filter(name -> !value(before, name).equals(value(after, name)))
        .<Change>map(name -> new Change.Argument(ref(node), partner.name(), name, text(before, name), text(after, name)))
        .toList();
  }

  private static Optional<AttributeProto> value(NodeProto node, String attribute) {
    return ElementTypes.find(node, attribute).map(found -> found.toBuilder().clearDocString().build());
  }

  private static String text(NodeProto node, String attribute) {
    return ElementTypes.find(node, attribute).map(GraphDiff::text).map(GraphDiff::shortened).orElse("");
  }

  private static String text(AttributeProto attribute) {
    return switch (attribute.getType()) {
      case INT -> Long.toString(attribute.getI());
      case FLOAT -> Float.toString(attribute.getF());
      case STRING -> attribute.getS().toStringUtf8();
      case INTS -> attribute.getIntsList().toString().replace(" ", "");
      case FLOATS -> attribute.getFloatsList().toString().replace(" ", "");
      case STRINGS -> attribute.getStringsList().stream().map(each -> each.toStringUtf8()).collect(Collectors.joining(",", "[", "]"));
      case TENSOR -> "tensor " + attribute.getT().getDimsList();
      case GRAPH -> "body of " + attribute.getG().getNodeCount() + " nodes";
      case GRAPHS, TENSORS, SPARSE_TENSOR, SPARSE_TENSORS, TYPE_PROTO, TYPE_PROTOS, UNDEFINED -> attribute.getType().name();
    };
  }

  private static String shortened(String text) {
    return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
  }

  private static List<Change> opsets(Graph good, Graph bad) {
    Set<String> domains = new LinkedHashSet<>(bad.opsets().keySet());
    domains.addAll(good.opsets().keySet());
    return domains.stream()
        .<Change>map(domain -> new Change.Opset(domain, good.opsets().getOrDefault(domain, 0L), bad.opsets().getOrDefault(domain, 0L)))
        .filter(change -> change instanceof Change.Opset(_, long before, long after) && before != after)
        .toList();
  }

  private static Optional<Change> structure(Graph good, Graph bad, GraphAlignment alignment) {
    List<NodeRef> rewired = new ArrayList<>();
    for (Node node : bad.nodes()) {
      alignment.good(node).filter(partner -> !readsTheSame(node, partner, alignment)).ifPresent(_ -> rewired.add(ref(node)));
    }
    List<NodeRef> removed = alignment.removed().stream().map(GraphDiff::ref).toList();
    List<NodeRef> added = alignment.added().stream().map(GraphDiff::ref).toList();
    boolean outputsDiffer = !outputs(bad, alignment).equals(good.outputs().stream().map(Value::name).toList());
    return removed.isEmpty() && added.isEmpty() && rewired.isEmpty() && !outputsDiffer
        ? Optional.empty()
        : Optional.of(new Change.Structure(removed, added, rewired));
  }

  private static List<String> outputs(Graph bad, GraphAlignment alignment) {
    return bad.outputs().stream().map(output -> alignment.goodValue(output.name()).orElse("")).toList();
  }

  private static boolean readsTheSame(Node node, Node partner, GraphAlignment alignment) {
    List<String> reads = node.inputs().stream().map(value -> alignment.goodValue(value).orElse("?" + value)).toList();
    return reads.equals(partner.inputs());
  }

  static NodeRef ref(Node node) {
    return Placed.atTop(node).node();
  }
}
