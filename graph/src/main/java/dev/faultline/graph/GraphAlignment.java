package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which node and which constant of one graph answers to which of another.
///
/// Nodes are paired by name and operator; those left, by what they compute (operator, attributes and, transitively, inputs, with
/// constants told by type and shape); those still left, by their order among the nodes of one operator. Constants are paired by name, else
/// by the place at which paired nodes read them. Every pairing is one to one.
public final class GraphAlignment {

  private final Graph good;
  private final Graph bad;
  private final Map<Node, Node> goodOf = new LinkedHashMap<>();
  private final Set<Node> taken = new HashSet<>();
  private final Map<String, String> goodConstants = new LinkedHashMap<>();

  private GraphAlignment(Graph good, Graph bad) {
    this.good = good;
    this.bad = bad;
  }

  public static GraphAlignment of(Graph good, Graph bad) {
    GraphAlignment alignment = new GraphAlignment(good, bad);
    alignment.pair(GraphAlignment::named, GraphAlignment::named);
    Map<Node, String> goodHashes = hashes(good);
    Map<Node, String> badHashes = hashes(bad);
    alignment.pair(node -> goodHashes.getOrDefault(node, ""), node -> badHashes.getOrDefault(node, ""));
    alignment.pair(Node::op, Node::op);
    alignment.pairConstants();
    return alignment;
  }

  /// The good graph's node for one of the bad graph's.
  public Optional<Node> good(Node node) {
    return Optional.ofNullable(goodOf.get(node));
  }

  /// The nodes of the good graph without a partner.
  public List<Node> removed() {
    return good.nodes().stream().filter(node -> !taken.contains(node)).toList();
  }

  /// The nodes of the bad graph without a partner.
  public List<Node> added() {
    return bad.nodes().stream().filter(node -> !goodOf.containsKey(node)).toList();
  }

  /// The good graph's name of a constant of the bad graph's.
  public Optional<String> goodConstant(String name) {
    return Optional.ofNullable(goodConstants.get(name));
  }

  /// The good graph's name for a value of the bad graph's: an input of the same name, a paired constant, the same output of a paired node.
  public Optional<String> goodValue(String value) {
    if (value.isEmpty() || bad.isInput(value)) {
      return value.isEmpty() || good.isInput(value) ? Optional.of(value) : Optional.empty();
    }
    if (bad.initializers().containsKey(value)) {
      return goodConstant(value);
    }
    return bad.findProducer(value).flatMap(node -> good(node).flatMap(partner -> same(node.outputs(), value, partner.outputs())));
  }

  private static Optional<String> same(List<String> names, String value, List<String> others) {
    int position = names.indexOf(value);
    return position < others.size() ? Optional.of(others.get(position)) : Optional.empty();
  }

  /// Pairs in order those that share a key; an empty key pairs nothing.
  private void pair(Function<Node, String> goodKey, Function<Node, String> badKey) {
    Map<String, Deque<Node>> free = new HashMap<>();
    removed().forEach(node -> free.computeIfAbsent(goodKey.apply(node), _ -> new ArrayDeque<>()).add(node));
    for (Node node : added()) {
      String key = badKey.apply(node);
      Deque<Node> candidates = key.isEmpty() ? new ArrayDeque<>() : free.getOrDefault(key, new ArrayDeque<>());
      if (!candidates.isEmpty()) {
        Node partner = candidates.remove();
        goodOf.put(node, partner);
        taken.add(partner);
      }
    }
  }

  private static String named(Node node) {
    return node.name().isEmpty() ? "" : node.op() + " " + node.name();
  }

  private void pairConstants() {
    Set<String> used = new HashSet<>();
    for (String name : bad.initializers().keySet()) {
      if (good.initializers().containsKey(name)) {
        goodConstants.put(name, name);
        used.add(name);
      }
    }
    goodOf.forEach((node, partner) -> {
      for (int i = 0; i < Math.min(node.inputs().size(), partner.inputs().size()); i++) {
        String name = node.inputs().get(i);
        String other = partner.inputs().get(i);
        boolean constants = bad.initializers().containsKey(name) && good.initializers().containsKey(other);
        if (constants && !goodConstants.containsKey(name) && used.add(other)) {
          goodConstants.put(name, other);
        }
      }
    });
  }

  private static Map<Node, String> hashes(Graph graph) {
    Map<String, String> values = new HashMap<>();
    graph.inputs().forEach(input -> values.put(input.name(), "input " + input.name()));
    graph.initializers().values().forEach(constant -> values.put(constant.name(), "constant " + constant.type() + constant.shape()));
    Map<Node, String> hashes = new HashMap<>();
    for (Node node : graph.nodes()) {
      String hash = Integer.toHexString(described(node, graph, values).hashCode()) + " " + node.op();
      hashes.put(node, hash);
      for (int i = 0; i < node.outputs().size(); i++) {
        values.put(node.outputs().get(i), hash + " " + i);
      }
    }
    return hashes;
  }

  private static String described(Node node, Graph graph, Map<String, String> values) {
    List<String> inputs = new ArrayList<>();
    node.inputs().forEach(value -> inputs.add(values.getOrDefault(value, "")));
    return node.op() + " " + node.domain() + " " + inputs + " " + attributes(graph.proto(node).getAttributeList());
  }

  private static String attributes(Collection<AttributeProto> attributes) {
    return attributes.stream().map(each -> each.getName() + each.toByteString().hashCode()).sorted().collect(Collectors.joining(","));
  }
}
