package dev.faultline.graph;

import dev.faultline.fault.NodeRef;
import java.util.ArrayList;
import java.util.List;

/// Where a node stands in the model file: `scope` lists the nodes around it, outermost first, empty at the top.
///
/// `node.index` is -1 inside a body or a function, because positions count in the graph of the file only.
public record Placed(NodeRef node, List<NodeRef> scope) {

  public Placed {
    scope = List.copyOf(scope);
  }

  static Placed atTop(Node node) {
    return new Placed(new NodeRef(node.index(), node.name(), node.op(), node.writes().stream().findFirst().orElse("")), List.of());
  }

  /// A node of the body of this one.
  Placed inner(String name, String op, String output) {
    List<NodeRef> around = new ArrayList<>(scope);
    around.add(node);
    return new Placed(new NodeRef(-1, name, op, output), around);
  }
}
