package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.FunctionProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.OperatorSetIdProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.ValueInfoProto;
import dev.faultline.graph.proto.TypeProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// A graph in which some bodies were opened: their nodes stand at the top now, where they can be tapped, sliced and blamed, and
/// [#place] says where each of them stands in the model file.
///
/// A function's call and an `If` whose condition is known are replaced by their nodes, and the graph computes what it computed before.
/// Of a `Loop` or `Scan` one iteration is opened: what went before it is left to the same node with fewer iterations, what comes after
/// is cut off, and the outputs of the graph are those of the iteration.
///
/// Longer than most files because each control node has rules of its own and they are compared with each other.
public final class Unfolding {

  /// Calls of calls of calls: deeper ones are left as they are.
  static final int CALL_DEPTH_MAX = 16;

  private static final Set<String> ITERATING = Set.of("Loop", "Scan");

  private final Graph graph;
  private final Map<String, Placed> places;

  private Unfolding(Graph graph, Map<String, Placed> places) {
    this.graph = graph;
    this.places = places;
  }

  /// @param graph with a name for every node, see [NodeNames]; its functions are opened at once
  public static Unfolding of(Graph graph) {
    Map<String, Placed> places = new LinkedHashMap<>();
    graph.nodes().forEach(node -> places.put(node.name(), Placed.atTop(node)));
    Unfolding unfolding = new Unfolding(graph, places);
    for (int depth = 0; depth < CALL_DEPTH_MAX && unfolding.callsFunctions(); depth++) {
      unfolding = unfolding.calls();
    }
    return unfolding;
  }

  public Graph graph() {
    return graph;
  }

  /// Where a node of [#graph] stands in the model file.
  public Placed place(Node node) {
    return places.getOrDefault(node.name(), Placed.atTop(node));
  }

  /// Whether there is a body to open.
  public static boolean isControl(Node node) {
    return node.domain().isEmpty() && (node.op().equals("If") || ITERATING.contains(node.op()));
  }

  /// The node at the top that has a node of this name in one of its bodies, or is called so itself.
  public Optional<Node> findAround(String name) {
    return graph.findNode(name).or(() -> graph.nodes().stream().filter(node -> holds(graph.proto(node), name)).findFirst());
  }

  /// With the branch of an `If` that was taken in its place.
  public Unfolding branch(Node node, boolean taken) {
    NodeProto proto = graph.proto(node);
    GraphProto body = body(proto, taken ? "then_branch" : "else_branch");
    GraphProto.Builder target = graph.model().getGraph().toBuilder();
    Transplant transplant = new Transplant(node.name() + "/", Map.of());
    Grown grown = new Grown(node, transplant.move(body, target));
    grown.forward(body.getOutputList().stream().map(output -> transplant.name(output.getName())).toList(), proto.getOutputList());
    return grown.in(target.clearNode(), replaced(node, grown.nodes));
  }

  /// The graph up to a `Loop` that makes `iterations` of its rounds, or a `Scan` that reads so many elements, with its outputs.
  public Graph upTo(Node node, long iterations) {
    GraphProto.Builder target = graph.model().getGraph().toBuilder().clearNode();
    List<NodeProto> shortened = shortened(node, iterations, target, "");
    target.addAllNode(replaced(node, shortened)).clearOutput();
    node.writes().forEach(value -> target.addOutput(ValueInfoProto.newBuilder().setName(value)));
    return GraphSlice.of(graph.with(target.build()), node.writes());
  }

  /// With one iteration of a `Loop` or `Scan` opened, counted from 0; the outputs are what that iteration made.
  public Unfolding iteration(Node node, long iteration) {
    GraphProto.Builder target = graph.model().getGraph().toBuilder().clearNode();
    String prefix = node.name() + "[" + iteration + "]/";
    List<NodeProto> before = iteration == 0 ? List.of() : shortened(node, iteration, target, prefix);
    Given given = node.op().equals("Loop") ? loop(node, iteration, prefix, target) : scan(node, iteration, prefix, target);
    GraphProto body = body(graph.proto(node), "body");
    Transplant transplant = new Transplant(prefix, given.names());
    Grown grown = new Grown(node, transplant.move(body, target));
    List<NodeProto> added = new ArrayList<>(before);
    added.addAll(given.feeding());
    added.addAll(grown.nodes);
    List<String> made = body.getOutputList().stream().map(output -> transplant.name(output.getName())).filter(grown::makes).distinct().toList();
    target.clearOutput();
    made.forEach(value -> target.addOutput(ValueInfoProto.newBuilder().setName(value)));
    Unfolding all = grown.in(target, replaced(node, added));
    return new Unfolding(GraphSlice.of(all.graph, made), all.places);
  }

  private boolean callsFunctions() {
    return graph.nodes().stream().anyMatch(node -> function(graph.proto(node)).isPresent());
  }

  /// Every call at the top replaced by the nodes of its function.
  private Unfolding calls() {
    GraphProto.Builder target = graph.model().getGraph().toBuilder().clearNode();
    List<NodeProto> nodes = new ArrayList<>();
    Map<String, Placed> placed = new LinkedHashMap<>(places);
    for (Node node : graph.nodes()) {
      NodeProto proto = graph.proto(node);
      Optional<FunctionProto> function = function(proto);
      Grown grown = function.map(each -> call(node, proto, each)).orElseGet(() -> new Grown(node, List.of(proto)));
      nodes.addAll(grown.nodes);
      function.ifPresent(_ -> placed.putAll(grown.places()));
    }
    return new Unfolding(graph.with(target.addAllNode(nodes).build()), placed);
  }

  private Grown call(Node node, NodeProto call, FunctionProto function) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      given.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    Transplant transplant = new Transplant(node.name() + "/", given);
    Grown grown = new Grown(node, transplant.move(function.getNodeList(), reference -> argument(reference, call, function)));
    grown.forward(function.getOutputList().stream().map(transplant::name).toList(), call.getOutputList());
    return grown;
  }

  private static List<AttributeProto> argument(AttributeProto reference, NodeProto call, FunctionProto function) {
    return ElementTypes.find(call, reference.getRefAttrName())
        .or(() -> function.getAttributeProtoList().stream().filter(each -> each.getName().equals(reference.getRefAttrName())).findFirst())
        .map(given -> List.of(given.toBuilder().setName(reference.getName()).build()))
        .orElse(List.of());
  }

  /// A function of other operator sets than the model's cannot stand among the model's nodes.
  private Optional<FunctionProto> function(NodeProto call) {
    ModelProto model = graph.model();
    return model.getFunctionsList().stream()
        .filter(each -> each.getName().equals(call.getOpType()) && Graph.domain(each.getDomain()).equals(Graph.domain(call.getDomain())))
        .filter(each -> each.getOverload().equals(call.getOverload()))
        .filter(each -> each.getOpsetImportList().stream().allMatch(this::hasOpset))
        .findFirst();
  }

  private boolean hasOpset(OperatorSetIdProto opset) {
    Long version = graph.opsets().get(Graph.domain(opset.getDomain()));
    return version == null || version == opset.getVersion();
  }

  /// What the inputs of a body are called outside, and the nodes that make those values.
  private record Given(Map<String, String> names, List<NodeProto> feeding) {}

  private Given loop(Node node, long iteration, String prefix, GraphProto.Builder target) {
    GraphProto body = body(graph.proto(node), "body");
    Map<String, String> names = new HashMap<>();
    names.put(body.getInput(0).getName(), constant(target, prefix + "iteration", iteration, body.getInput(0)));
    TensorProto yes = Tensors.of(prefix + "condition", new boolean[] {true}, shape(body.getInput(1)));
    target.addInitializer(yes);
    names.put(body.getInput(1).getName(), yes.getName());
    for (int i = 2; i < body.getInputCount(); i++) {
      names.put(body.getInput(i).getName(), iteration == 0 ? node.inputs().get(i) : prefix + node.outputs().get(i - 2) + "@" + (i - 2));
    }
    return new Given(names, List.of());
  }

  private Given scan(Node node, long iteration, String prefix, GraphProto.Builder target) {
    GraphProto body = body(graph.proto(node), "body");
    int states = states(node);
    Map<String, String> names = new HashMap<>();
    List<NodeProto> feeding = new ArrayList<>();
    for (int i = 0; i < body.getInputCount(); i++) {
      String inner = body.getInput(i).getName();
      if (i < states) {
        names.put(inner, iteration == 0 ? node.inputs().get(i) : prefix + node.outputs().get(i) + "@" + i);
      } else {
        String at = constant(target, prefix + "at_" + i, isReversed(node, i - states) ? -1 - iteration : iteration, ValueInfoProto.getDefaultInstance());
        String element = prefix + "element_" + i;
        feeding.add(plain("Gather", element, List.of(node.inputs().get(i), at), List.of(element)).addAttribute(axis(axis(node, i - states))).build());
        names.put(inner, element);
      }
    }
    return new Given(names, feeding);
  }

  /// The node itself with fewer iterations. With a prefix it is another node, whose outputs are told apart by position because an
  /// unused one has no name.
  private List<NodeProto> shortened(Node node, long iterations, GraphProto.Builder target, String prefix) {
    NodeProto.Builder shorter = graph.proto(node).toBuilder();
    List<NodeProto> nodes = new ArrayList<>();
    if (node.op().equals("Loop")) {
      shorter.setInput(0, constant(target, node.name() + "[" + iterations + "]/rounds", iterations, ValueInfoProto.getDefaultInstance()));
    } else {
      nodes.addAll(cut(node, iterations, shorter, target));
    }
    if (!prefix.isEmpty()) {
      shorter.setName(prefix + "before").clearOutput();
      for (int i = 0; i < node.outputs().size(); i++) {
        shorter.addOutput(prefix + node.outputs().get(i) + "@" + i);
      }
    }
    nodes.add(shorter.build());
    return nodes;
  }

  /// Slices that leave a `Scan` its first elements, from the other end where it reads backwards.
  private List<NodeProto> cut(Node node, long iterations, NodeProto.Builder shorter, GraphProto.Builder target) {
    List<NodeProto> slices = new ArrayList<>();
    String prefix = node.name() + "[" + iterations + "]/";
    for (int i = states(node); i < node.inputs().size(); i++) {
      boolean reversed = isReversed(node, i - states(node));
      String cut = prefix + "first_" + i;
      target.addInitializer(Tensors.of(cut + "/from", new long[] {reversed ? -iterations : 0}, 1));
      target.addInitializer(Tensors.of(cut + "/to", new long[] {reversed ? Long.MAX_VALUE : iterations}, 1));
      target.addInitializer(Tensors.of(cut + "/axis", new long[] {axis(node, i - states(node))}, 1));
      slices.add(plain("Slice", cut, List.of(node.inputs().get(i), cut + "/from", cut + "/to", cut + "/axis"), List.of(cut)).build());
      shorter.setInput(i, cut);
    }
    return slices;
  }

  private int states(Node node) {
    return node.inputs().size() - (int) NodeAttributes.of(graph, node).integer("num_scan_inputs", 0);
  }

  private boolean isReversed(Node node, int scanInput) {
    List<Long> directions = NodeAttributes.of(graph, node).integers("scan_input_directions");
    return scanInput < directions.size() && directions.get(scanInput) == 1;
  }

  private long axis(Node node, int scanInput) {
    List<Long> axes = NodeAttributes.of(graph, node).integers("scan_input_axes");
    return scanInput < axes.size() ? axes.get(scanInput) : 0;
  }

  private static String constant(GraphProto.Builder target, String name, long value, ValueInfoProto like) {
    if (target.getInitializerList().stream().noneMatch(tensor -> tensor.getName().equals(name))) {
      target.addInitializer(Tensors.of(name, new long[] {value}, shape(like)));
    }
    return name;
  }

  /// A body's counter and condition are scalars, or by some exporters tensors of one element.
  private static long[] shape(ValueInfoProto declared) {
    TypeProto.Tensor tensor = declared.getType().getTensorType();
    return tensor.hasShape() && tensor.getShape().getDimCount() == 1 ? new long[] {1} : new long[0];
  }

  private List<NodeProto> replaced(Node node, List<NodeProto> by) {
    List<NodeProto> nodes = new ArrayList<>();
    for (Node each : graph.nodes()) {
      nodes.addAll(each.equals(node) ? by : List.of(graph.proto(each)));
    }
    return nodes;
  }

  private static GraphProto body(NodeProto node, String attribute) {
    return ElementTypes.find(node, attribute).map(AttributeProto::getG).orElse(GraphProto.getDefaultInstance());
  }

  private static boolean holds(NodeProto node, String name) {
    return Captures.bodies(node).stream()
        .flatMap(body -> body.getNodeList().stream())
        .anyMatch(inner -> inner.getName().equals(name) || holds(inner, name));
  }

  private static NodeProto.Builder plain(String op, String name, List<String> inputs, List<String> outputs) {
    return NodeProto.newBuilder().setOpType(op).setName(name).addAllInput(inputs).addAllOutput(outputs);
  }

  private static AttributeProto axis(long axis) {
    return AttributeProto.newBuilder().setName("axis").setType(AttributeProto.AttributeType.INT).setI(axis).build();
  }

  /// The nodes that took a node's place.
  private final class Grown {
    private final Node origin;
    private final List<NodeProto> nodes;
    private final int moved;

    Grown(Node origin, List<NodeProto> nodes) {
      this.origin = origin;
      this.nodes = new ArrayList<>(nodes);
      this.moved = nodes.size();
    }

    boolean makes(String value) {
      return nodes.stream().anyMatch(node -> node.getOutputList().contains(value));
    }

    /// Hands values on under the names by which the rest of the graph knows them.
    void forward(List<String> from, List<String> to) {
      for (int i = 0; i < Math.min(from.size(), to.size()); i++) {
        if (!to.get(i).isEmpty()) {
          nodes.add(plain("Identity", origin.name() + "/" + to.get(i), List.of(from.get(i)), List.of(to.get(i))).build());
        }
      }
    }

    Unfolding in(GraphProto.Builder target, List<NodeProto> all) {
      Map<String, Placed> placed = new LinkedHashMap<>(places);
      placed.putAll(places());
      return new Unfolding(graph.with(target.addAllNode(all).build()), placed);
    }

    /// Forwarding nodes stand for the node itself.
    Map<String, Placed> places() {
      Placed outer = place(origin);
      Map<String, Placed> placed = new LinkedHashMap<>();
      for (int i = 0; i < nodes.size(); i++) {
        NodeProto node = nodes.get(i);
        placed.put(node.getName(), i < moved ? outer.inner(inner(node.getName()), node.getOpType(), inner(output(node))) : outer);
      }
      return Map.copyOf(placed);
    }

    private String inner(String name) {
      String prefix = origin.name() + "/";
      if (name.startsWith(prefix)) {
        return name.substring(prefix.length());
      }
      int end = name.startsWith(origin.name() + "[") ? name.indexOf("]/", origin.name().length()) : -1;
      return end < 0 ? name : name.substring(end + 2);
    }

    private static String output(NodeProto node) {
      return Objects.requireNonNull(node.getOutputList().stream().filter(value -> !value.isEmpty()).findFirst().orElse(""));
    }
  }
}
