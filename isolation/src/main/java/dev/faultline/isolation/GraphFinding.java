package dev.faultline.isolation;

import java.util.List;

/// What a look into the graph gave: the node to blame, at most one, constants of the file that the offending value comes from, and in
/// `words` what about its operands the node cannot take, empty when no rule says so.
record GraphFinding(List<BlamedNode> nodes, List<BlamedInitializer> initializers, String words) {
  static final GraphFinding NONE = new GraphFinding(List.of(), List.of(), "");

  GraphFinding {
    nodes = List.copyOf(nodes);
    initializers = List.copyOf(initializers);
  }

  static GraphFinding of(BlamedNode node) {
    return new GraphFinding(List.of(node), List.of(), "");
  }
}
