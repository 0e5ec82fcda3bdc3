package dev.faultline.backend.onnx;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The names that a node can read: those of its own graph or body, then those of the graphs around it.
final class Scope {

  /// What stands behind a name.
  sealed interface Origin {

    /// An input of the whole model.
    record Input(String name) implements Origin {}

    /// A constant of the file.
    record Constant(TensorProto tensor) implements Origin {}

    /// Made by a node, which sees `scope`.
    record Made(NodeProto by, Scope scope) implements Origin {}

    /// Nobody knows: an input of a body, or a name that stands nowhere.
    record Unknown() implements Origin {}
  }

  private final Map<String, Origin> origins = new HashMap<>();
  private final Optional<Scope> outer;

  private Scope(Optional<Scope> outer) {
    this.outer = outer;
  }

  static Scope of(GraphProto graph, Optional<Scope> outer) {
    Scope scope = new Scope(outer);
    graph
        .getInputList()
        .forEach(
            input -> scope.origins.put(input.getName(), outer.isEmpty() ? new Origin.Input(input.getName()) : new Origin.Unknown()));
    graph.getInitializerList().forEach(tensor -> scope.origins.put(tensor.getName(), new Origin.Constant(tensor)));
    graph
        .getNodeList()
        .forEach(node -> node.getOutputList().forEach(output -> scope.origins.put(output, new Origin.Made(node, scope))));
    return scope;
  }

  Origin find(String name) {
    Origin own = origins.get(name);
    return own != null ? own : outer.map(scope -> scope.find(name)).orElseGet(Origin.Unknown::new);
  }
}
