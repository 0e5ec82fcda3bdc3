package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import java.util.Optional;

/// A graph whose `Constant` nodes have become initializers of the same name, so that exporters' habits do not look like differences.
final class LiftedConstants {

  private LiftedConstants() {}

  static Graph of(Graph graph) {
    GraphProto.Builder lifted = graph.model().getGraph().toBuilder().clearNode();
    for (Node node : graph.nodes()) {
      Optional<TensorProto> tensor = tensor(node, graph.proto(node));
      tensor.ifPresentOrElse(lifted::addInitializer, () -> lifted.addNode(graph.proto(node)));
    }
    return lifted.getNodeCount() == graph.nodes().size() ? graph : graph.with(lifted.build());
  }

  /// Only of tensors that are not a graph output: ONNX Runtime takes an initializer for one, other tools do not.
  private static Optional<TensorProto> tensor(Node node, NodeProto proto) {
    return node.op().equals("Constant") && node.domain().isEmpty()
        ? ElementTypes.find(proto, "value").map(value -> value.getT().toBuilder().setName(node.outputs().getFirst()).build())
        : Optional.empty();
  }
}
