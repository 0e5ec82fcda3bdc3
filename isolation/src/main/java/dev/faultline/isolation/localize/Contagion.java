package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// How values that are not finite spread through a graph: where they are born, what they spoil, and which nodes end their way.
///
/// @param sick the values that were not finite in a run, graph inputs included
record Contagion(Graph graph, Set<String> sick) {

  /// They ask about NaN on purpose, or about shapes only.
  private static final Set<String> HARMLESS = Set.of("IsNaN", "IsInf", "Shape", "Size");

  Contagion {
    sick = Set.copyOf(sick);
  }

  /// Nodes that make a sick value of sound ones, in topological order. Where some of them spoil an output of the graph, those that do not
  /// are left out: a mask of -Inf that `Softmax` takes as it should is no fault.
  List<Node> births() {
    List<Node> births = graph.nodes().stream().filter(this::isBirth).toList();
    List<Node> spoiling = births.stream().filter(node -> !spoiled(node.writes()).isEmpty()).toList();
    return spoiling.isEmpty() ? births : spoiling;
  }

  private boolean isBirth(Node node) {
    return node.writes().stream().anyMatch(sick::contains) && node.reads().stream().noneMatch(sick::contains);
  }

  /// The first node that makes a sick value of a graph input.
  List<Node> enters(String input) {
    Set<String> reached = reached(Set.of(input));
    return graph.nodes().stream().filter(node -> node.reads().stream().anyMatch(reached::contains) && node.writes().stream().anyMatch(sick::contains)).limit(1).toList();
  }

  /// The graph outputs that are sick because of these values.
  List<String> spoiled(Set<String> values) {
    Set<String> reached = reached(values);
    return graph.outputNames().stream().filter(reached::contains).toList();
  }

  /// The nodes that were given something sick and made only sound values, from which a graph output depends.
  List<NodeRef> swallowers(Set<String> values, Function<Node, NodeRef> ref) {
    Set<NodeRef> found = new LinkedHashSet<>();
    Set<String> reached = reached(values);
    for (Node node : graph.nodes()) {
      boolean swallows = node.reads().stream().anyMatch(reached::contains) && node.writes().stream().noneMatch(sick::contains);
      if (swallows && !HARMLESS.contains(node.op()) && leadsOut(node)) {
        found.add(ref.apply(node));
      }
    }
    return new ArrayList<>(found);
  }

  /// Sick values that come from these, themselves included where they are sick.
  private Set<String> reached(Set<String> values) {
    Set<String> reached = new HashSet<>(values);
    reached.retainAll(sick);
    Deque<String> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (Node node : graph.consumers(open.remove())) {
        node.writes().stream().filter(value -> sick.contains(value) && reached.add(value)).forEach(open::add);
      }
    }
    return reached;
  }

  private boolean leadsOut(Node node) {
    Set<String> seen = new HashSet<>(node.writes());
    Deque<String> open = new ArrayDeque<>(seen);
    while (!open.isEmpty()) {
      String value = open.remove();
      if (graph.outputNames().contains(value)) {
        return true;
      }
      graph.consumers(value).forEach(reader -> reader.writes().stream().filter(seen::add).forEach(open::add));
    }
    return false;
  }
}
