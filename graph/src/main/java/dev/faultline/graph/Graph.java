package dev.faultline.graph;

import dev.faultline.fault.NearestName;
import dev.faultline.graph.GraphException.Problem;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;

/// An ONNX model as an immutable graph of nodes and the values between them.
///
/// Nodes are in topological order: a node's index is greater than that of every node it depends on, also through values
/// that the body of an `If`, `Loop` or `Scan` captures. A model that came in another order is reordered on the way in, so
/// indexes mean the same here and in [#model()]. Nodes inside bodies are not nodes of this graph.
public final class Graph {

  private final ModelProto model;
  private final List<Node> nodes;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final SequencedMap<String, Initializer> initializers;
  private final Map<String, Node> producers = new HashMap<>();
  private final Map<String, List<Node>> consumers = new HashMap<>();

  private Graph(ModelProto model) {
    this.model = model;
    GraphProto proto = model.getGraph();
    this.initializers = Collections.unmodifiableSequencedMap(initializersOf(proto));
    this.inputs =
        proto.getInputList().stream()
            .filter(input -> !initializers.containsKey(input.getName()))
            .map(Value::of)
            .toList();
    this.outputs = proto.getOutputList().stream().map(Value::of).toList();
    this.nodes = nodesOf(proto);
    for (Node node : nodes) {
      node.writes().forEach(value -> producers.put(value, node));
      node.reads().forEach(value -> consumers.computeIfAbsent(value, _ -> new ArrayList<>()).add(node));
    }
  }

  /// The graph of a parsed model.
  ///
  /// @throws GraphException if the model has no graph, a cycle, or a value that two nodes make
  public static Graph of(ModelProto model) {
    if (!model.hasGraph()) {
      throw new GraphException(Problem.NO_GRAPH, "the model holds no graph (expected: field 7 of ModelProto)");
    }
    return new Graph(TopologicalOrder.sorted(model));
  }

  public String name() {
    return model.getGraph().getName();
  }

  /// The version of the file format, not of the model.
  public long irVersion() {
    return model.getIrVersion();
  }

  /// Operator set versions by domain; ONNX's own domain is the empty string.
  public SequencedMap<String, Long> opsets() {
    SequencedMap<String, Long> opsets = new LinkedHashMap<>();
    model.getOpsetImportList().forEach(opset -> opsets.put(domain(opset.getDomain()), opset.getVersion()));
    return Collections.unmodifiableSequencedMap(opsets);
  }

  /// Name and version of the tool that wrote the model, such as `pytorch 2.4.0`; empty if it does not say.
  public String producer() {
    return (model.getProducerName() + " " + model.getProducerVersion()).strip();
  }

  /// The model's own notes, in file order; the last of equal keys counts.
  public SequencedMap<String, String> metadata() {
    SequencedMap<String, String> metadata = new LinkedHashMap<>();
    for (StringStringEntryProto entry : model.getMetadataPropsList()) {
      metadata.put(entry.getKey(), entry.getValue());
    }
    return Collections.unmodifiableSequencedMap(metadata);
  }

  /// All nodes; the place in the list is the node's index.
  public List<Node> nodes() {
    return nodes;
  }

  /// The first node of this name.
  public Optional<Node> findNode(String name) {
    return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
  }

  /// What a request must bring: the declared inputs that are not initializers with a default.
  public List<Value> inputs() {
    return inputs;
  }

  public List<Value> outputs() {
    return outputs;
  }

  /// Names of the outputs, in order.
  public SequencedSet<String> outputNames() {
    SequencedSet<String> names = new LinkedHashSet<>();
    outputs.forEach(output -> names.add(output.name()));
    return names;
  }

  /// Initializers by name, dense and sparse, in file order.
  public SequencedMap<String, Initializer> initializers() {
    return initializers;
  }

  /// Files that hold tensors of the model, bodies and attributes included, as the model names them: the names may lead anywhere. A model
  /// with any cannot be loaded from bytes alone.
  public SequencedSet<String> externalFiles() {
    return ExternalFiles.of(model);
  }

  /// The node that makes a value; empty for inputs, initializers and unknown names.
  public Optional<Node> findProducer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /// The nodes that read a value, captures included, in topological order.
  public List<Node> consumers(String value) {
    return Collections.unmodifiableList(consumers.getOrDefault(value, List.of()));
  }

  /// The nodes that must run to make these values, their producers included, in topological order.
  ///
  /// @throws GraphException if the graph has no value of such a name
  public List<Node> ancestors(Collection<String> values) {
    requireKnown(values);
    BitSet reached = new BitSet(nodes.size());
    Deque<String> open = new ArrayDeque<>(values);
    while (!open.isEmpty()) {
      Node producer = producers.get(open.remove());
      if (producer != null && !reached.get(producer.index())) {
        reached.set(producer.index());
        open.addAll(producer.reads());
      }
    }
    return reached.stream().mapToObj(nodes::get).toList();
  }

  /// The model in ONNX's own form, nodes in topological order.
  public ModelProto model() {
    return model;
  }

  /// The node in ONNX's own form, with its attributes.
  NodeProto proto(Node node) {
    return model.getGraph().getNode(node.index());
  }

  /// The same model around another graph.
  Graph with(GraphProto graph) {
    return Graph.of(model.toBuilder().setGraph(graph).build());
  }

  boolean isInput(String value) {
    return inputs.stream().anyMatch(input -> input.name().equals(value));
  }

  void requireKnown(Collection<String> values) {
    SequencedSet<String> known = new LinkedHashSet<>(producers.keySet());
    inputs.forEach(input -> known.add(input.name()));
    known.addAll(initializers.keySet());
    List<String> unknown = values.stream().filter(value -> !known.contains(value)).distinct().toList();
    if (!unknown.isEmpty()) {
      throw new GraphException(
          Problem.UNKNOWN_VALUE,
          unknown.stream().map(value -> unknownValue(value, known)).collect(Collectors.joining("; ")));
    }
  }

  private static String unknownValue(String value, Collection<String> known) {
    return "the graph has no value '" + value + "'"
        + NearestName.of(value, known).map(near -> " (did you mean '" + near + "'?)").orElse("");
  }

  /// ONNX spells its own domain in two ways.
  static String domain(String stated) {
    return stated.equals("ai.onnx") ? "" : stated;
  }

  private static SequencedMap<String, Initializer> initializersOf(GraphProto proto) {
    SequencedMap<String, Initializer> initializers = new LinkedHashMap<>();
    proto.getInitializerList().forEach(tensor -> initializers.put(tensor.getName(), Initializer.of(tensor)));
    proto
        .getSparseInitializerList()
        .forEach(tensor -> initializers.put(tensor.getValues().getName(), Initializer.of(tensor)));
    return initializers;
  }

  private static List<Node> nodesOf(GraphProto proto) {
    List<Node> nodes = new ArrayList<>(proto.getNodeCount());
    for (NodeProto node : proto.getNodeList()) {
      nodes.add(
          new Node(
              nodes.size(),
              node.getName(),
              node.getOpType(),
              domain(node.getDomain()),
              node.getInputList(),
              node.getOutputList(),
              Captures.of(node)));
    }
    return List.copyOf(nodes);
  }

  @Override
  public String toString() {
    return "Graph[" + name() + ", " + nodes.size() + " nodes, " + names(model.getGraph().getInputList()) + " -> "
        + names(model.getGraph().getOutputList()) + "]";
  }

  private static List<String> names(List<ValueInfoProto> values) {
    return values.stream().map(ValueInfoProto::getName).toList();
  }
}
