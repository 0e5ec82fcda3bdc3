package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/// Makes values inside a graph visible by declaring them as further outputs.
///
/// Only the name is declared: ONNX Runtime accepts that and works out the type. An exposed value is not fused over, so a tapped
/// model is a little slower than the original and may differ from it in the last bits. Values inside the bodies of control
/// nodes cannot be reached this way.
public final class GraphTap {

  /// Operators that repeat what the model file already says.
  private static final Set<String> CONSTANT_OPS = Set.of("Constant", "ConstantOfShape");

  private GraphTap() {}

  /// The graph with these values as outputs after its own. Constants, inputs, and values that are outputs already are left out.
  ///
  /// @throws GraphException if the graph has no value of such a name
  public static Graph tap(Graph graph, Collection<String> values) {
    SequencedSet<String> wanted = new LinkedHashSet<>(values);
    wanted.remove("");
    graph.requireKnown(wanted);
    wanted.retainAll(tappable(graph));
    GraphProto.Builder tapped = graph.model().getGraph().toBuilder();
    wanted.forEach(value -> tapped.addOutput(ValueInfoProto.newBuilder().setName(value)));
    return graph.with(tapped.build());
  }

  /// The graph with every value as an output that a node makes and that is not known to be something else than a float tensor.
  public static Graph tapFloats(Graph graph) {
    return tap(graph, floats(graph));
  }

  /// The values that [#tapFloats] adds, in topological order.
  public static List<String> floats(Graph graph) {
    ElementTypes types = ElementTypes.of(graph);
    return tappable(graph).stream().filter(value -> types.mayBeFloat(value)).toList();
  }

  private static SequencedSet<String> tappable(Graph graph) {
    SequencedSet<String> tappable = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (!node.domain().isEmpty() || !CONSTANT_OPS.contains(node.op())) {
        tappable.addAll(node.writes());
      }
    }
    tappable.removeAll(graph.outputNames());
    return tappable;
  }
}
