package dev.faultline.graph;

import dev.faultline.graph.GraphException.Problem;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/// Puts nodes behind what they read (Kahn's algorithm). The earliest ready node of the file always goes first, so that a
/// file already in order keeps its order and equal files get equal orders.
final class TopologicalOrder {

  private final List<NodeProto> nodes;
  private final Map<String, Integer> producers = new HashMap<>();
  private final List<List<Integer>> followers = new ArrayList<>();
  private final int[] waitingFor;

  private TopologicalOrder(GraphProto graph) {
    nodes = graph.getNodeList();
    waitingFor = new int[nodes.size()];
  }

  /// The model with the nodes of its graph in order.
  static ModelProto sorted(ModelProto model) {
    GraphProto graph = model.getGraph();
    TopologicalOrder order = new TopologicalOrder(graph);
    order.findProducers();
    order.link();
    List<Integer> sorted = order.sort();
    if (isIdentity(sorted)) {
      return model;
    }
    GraphProto.Builder result = graph.toBuilder().clearNode();
    sorted.forEach(index -> result.addNode(graph.getNode(index)));
    return model.toBuilder().setGraph(result).build();
  }

  private void findProducers() {
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        Integer other = output.isEmpty() ? null : producers.putIfAbsent(output, i);
        if (other != null) {
          throw new GraphException(
              Problem.INVALID,
              "value '" + output + "' is made twice, by node " + describe(other) + " and by node " + describe(i)
                  + " (expected: one node for each value)");
        }
      }
    }
  }

  private void link() {
    for (int i = 0; i < nodes.size(); i++) {
      followers.add(new ArrayList<>());
    }
    for (int i = 0; i < nodes.size(); i++) {
      for (String input : nodes.get(i).getInputList()) {
        link(input, i);
      }
      for (String capture : Captures.of(nodes.get(i))) {
        link(capture, i);
      }
    }
  }

  private void link(String value, int reader) {
    Integer producer = producers.get(value);
    if (producer != null) {
      followers.get(producer).add(reader);
      waitingFor[reader]++;
    }
  }

  private List<Integer> sort() {
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < waitingFor.length; i++) {
      if (waitingFor[i] == 0) {
        ready.add(i);
      }
    }
    List<Integer> sorted = new ArrayList<>(nodes.size());
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(next);
      for (int follower : followers.get(next)) {
        if (--waitingFor[follower] == 0) {
          ready.add(follower);
        }
      }
    }
    if (sorted.size() < nodes.size()) {
      throw cyclic();
    }
    return sorted;
  }

  private GraphException cyclic() {
    int first = 0;
    while (waitingFor[first] == 0) {
      first++;
    }
    return new GraphException(
        Problem.INVALID, "node " + describe(first) + " waits for its own outputs (expected: a graph without cycles)");
  }

  private String describe(int index) {
    NodeProto node = nodes.get(index);
    String name = node.getName().isEmpty() ? "" : " '" + node.getName() + "'";
    return index + name + " (" + node.getOpType() + ")";
  }

  private static boolean isIdentity(List<Integer> order) {
    for (int i = 0; i < order.size(); i++) {
      if (order.get(i) != i) {
        return false;
      }
    }
    return true;
  }
}
