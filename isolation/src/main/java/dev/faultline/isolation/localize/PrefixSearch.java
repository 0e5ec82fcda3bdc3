package dev.faultline.isolation.localize;

import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphSlice;
import dev.faultline.graph.Node;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Finds the first node that makes a run fail without being told its name: by halving, in slices that hold the first nodes only.
final class PrefixSearch {

  private PrefixSearch() {}

  /// The node with which the graph's beginning fails and without which it does not; empty when the whole does not fail.
  static Optional<Node> first(Graph graph, Predicate<Graph> fails) {
    int low = 0;
    int high = graph.nodes().size();
    if (high == 0 || !fails.test(beginning(graph, high))) {
      return Optional.empty();
    }
    while (high - low > 1) {
      int middle = (low + high) >>> 1;
      if (fails.test(beginning(graph, middle))) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return Optional.of(graph.nodes().get(high - 1));
  }

  /// A model of the first nodes; its outputs are what no other of them reads.
  static Graph beginning(Graph graph, int count) {
    List<Node> nodes = graph.nodes().subList(0, count);
    Set<String> ends = new LinkedHashSet<>();
    nodes.forEach(node -> ends.addAll(node.writes()));
    nodes.forEach(node -> ends.removeAll(node.reads()));
    return GraphSlice.of(graph, ends);
  }
}
