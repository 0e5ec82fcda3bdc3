package dev.faultline.graph;

import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.OperatorSetIdProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Models between two versions: the bad one with some of its changes taken back, or the good one with some brought in.
///
/// A change that narrows another one to a slice of a constant can be taken back alone.
public final class GraphGraft {

  private final GraphDiff diff;

  public GraphGraft(GraphDiff diff) {
    this.diff = diff;
  }

  /// The bad graph with these changes taken back.
  public Graph without(List<Change> changes) {
    return changes.stream().anyMatch(change -> change instanceof Change.Structure) ? onto(diff.good(), diff.bad(), others(changes), false) : onto(diff.bad(), diff.good(), changes, true);
  }

  /// The good graph with these changes brought in.
  public Graph with(List<Change> changes) {
    return changes.stream().anyMatch(change -> change instanceof Change.Structure) ? onto(diff.bad(), diff.good(), others(changes), true) : onto(diff.good(), diff.bad(), changes, false);
  }

  /// All changes, those together that make no valid model one without the other: attributes of one node of which some became longer or shorter, as
  /// the trees of an ensemble do.
  public List<List<Change>> together() {
    Map<Object, List<Change>> groups = new LinkedHashMap<>();
    for (Change change : diff.changes()) {
      Object key = change instanceof Change.Argument argument && hasOtherLengths(argument.node().name()) ? argument.node() : change;
      groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(change);
    }
    return List.copyOf(groups.values());
  }

  private boolean hasOtherLengths(String node) {
    return diff.changes().stream().anyMatch(change -> change instanceof Change.Argument argument
        && argument.node().name().equals(node)
        && length(diff.good(), argument.goodNode(), argument.attribute()) != length(diff.bad(), node, argument.attribute()));
  }

  private static int length(Graph graph, String node, String attribute) {
    return graph.findNode(node)
        .flatMap(found -> ElementTypes.find(graph.proto(found), attribute))
        .map(stated -> stated.getIntsCount() + stated.getFloatsCount() + stated.getStringsCount())
        .orElse(0);
  }

  /// The change cut into the rows of its first axis that differ, or, within one row, into elements, those that changed most first; empty for
  /// one that cannot be cut.
  public List<Change> slices(Change change) {
    if (!(change instanceof Change.Weights weights) || weights.isReshaped() || weights.to() - weights.from() <= 1) {
      return List.of();
    }
    Optional<Tensor> good = GraphConstants.find(diff.good(), weights.goodName());
    Optional<Tensor> bad = GraphConstants.find(diff.bad(), weights.name());
    if (good.isEmpty() || bad.isEmpty() || good.get().type() != bad.get().type()) {
      return List.of();
    }
    int width = width(good.get(), weights);
    List<Change> slices = new ArrayList<>();
    for (int from = (int) weights.from(); from < weights.to(); from += width) {
      Change.Weights slice = WeightsComparison.slice(good.get(), bad.get(), weights.goodName(), weights.name(), from, (int) Math.min(weights.to(), from + (long) width));
      if (slice.differing() > 0) {
        slices.add(slice);
      }
    }
    slices.sort(Comparator.comparingDouble(GraphGraft::size).reversed());
    return slices;
  }

  /// Of pieces of one constant: what is not finite any more comes first.
  private static double size(Change slice) {
    double change = slice instanceof Change.Weights weights ? weights.change() : 1;
    return Double.isNaN(change) ? Double.POSITIVE_INFINITY : change;
  }

  /// The size of the pieces: those of the first axis that has several in this range.
  private static int width(Tensor tensor, Change.Weights weights) {
    long range = weights.to() - weights.from();
    long width = tensor.count();
    for (int axis = 0; axis < tensor.shape().rank() && width >= range; axis++) {
      width /= Math.max(1, tensor.shape().extent(axis));
    }
    return (int) Math.max(1, width);
  }

  private List<Change> others(List<Change> changes) {
    List<Change> others = new ArrayList<>(diff.changes());
    for (Change change : changes) {
      others.removeIf(other -> other.equals(change) || isSliceOf(change, other));
    }
    return others;
  }

  private static boolean isSliceOf(Change change, Change whole) {
    return change instanceof Change.Weights slice && whole instanceof Change.Weights weights && slice.name().equals(weights.name());
  }

  /// @param fromGood whether the donor is the good graph
  private Graph onto(Graph base, Graph donor, List<Change> changes, boolean fromGood) {
    GraphProto.Builder graph = base.model().getGraph().toBuilder();
    Map<String, Integer> initializers = places(graph);
    Map<String, List<Change.Weights>> weights = new LinkedHashMap<>();
    ModelProto.Builder model = base.model().toBuilder();
    for (Change change : changes) {
      switch (change) {
        case Change.Weights each -> weights.computeIfAbsent(each.name(), _ -> new ArrayList<>()).add(each);
        case Change.Argument argument -> argue(graph, donor, argument, fromGood);
        case Change.Opset opset -> set(model, opset, fromGood);
        case Change.Structure _ -> {}
      }
    }
    weights.values().forEach(slices -> graft(graph, initializers, donor, slices, fromGood));
    return Graph.of(model.setGraph(graph).build());
  }

  private static Map<String, Integer> places(GraphProto.Builder graph) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < graph.getInitializerCount(); i++) {
      places.put(graph.getInitializer(i).getName(), i);
    }
    return places;
  }

  private static void graft(GraphProto.Builder graph, Map<String, Integer> places, Graph donor, List<Change.Weights> slices, boolean fromGood) {
    Change.Weights first = slices.getFirst();
    String name = fromGood ? first.name() : first.goodName();
    String donorName = fromGood ? first.goodName() : first.name();
    Integer place = places.get(name);
    Optional<TensorProto> given = GraphConstants.proto(donor, donorName);
    if (place == null || given.isEmpty()) {
      return;
    }
    boolean whole = slices.stream().anyMatch(slice -> slice.isReshaped() || slice.to() - slice.from() == count(graph.getInitializer(place)));
    TensorProto grafted = whole ? given.get() : mixed(graph.getInitializer(place), given.get(), slices);
    graph.setInitializer(place, grafted.toBuilder().setName(name));
    if (whole) {
      forget(graph, name);
    }
  }

  private static long count(TensorProto tensor) {
    return tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
  }

  /// What was declared of a constant of another shape does not hold any more.
  private static void forget(GraphProto.Builder graph, String name) {
    Set<String> stale = new HashSet<>(Set.of(name));
    for (int i = graph.getValueInfoCount() - 1; i >= 0; i--) {
      if (stale.contains(graph.getValueInfo(i).getName())) {
        graph.removeValueInfo(i);
      }
    }
  }

  private static TensorProto mixed(TensorProto base, TensorProto donor, List<Change.Weights> slices) {
    Tensor into = GraphConstants.tensor(base).orElseThrow();
    Tensor from = GraphConstants.tensor(donor).orElseThrow();
    TensorProto.Builder mixed =
        base.toBuilder().clearFloatData().clearInt32Data().clearInt64Data().clearDoubleData().clearUint64Data().clearStringData().clearRawData();
    if (into.type() == DataType.BYTES) {
      for (int i = 0; i < into.count(); i++) {
        int index = i;
        Tensor source = slices.stream().anyMatch(slice -> slice.from() <= index && index < slice.to()) ? from : into;
        mixed.addStringData(ByteString.copyFrom(((Elements.Strings) source.elements()).bytesAt(i)));
      }
      return mixed.build();
    }
    return mixed.setRawData(ByteString.copyFrom(mixed(into, from, slices))).build();
  }

  private static ByteBuffer mixed(Tensor into, Tensor from, List<Change.Weights> slices) {
    ByteBuffer bytes = Elements.allocate(into.type(), into.count());
    bytes.put(((Elements.Fixed) into.elements()).bytes()).flip();
    ByteBuffer given = ((Elements.Fixed) from.elements()).bytes();
    int width = into.type().width();
    for (Change.Weights slice : slices) {
      int start = (int) slice.from() * width;
      bytes.put(start, given, start, (int) (slice.to() - slice.from()) * width);
    }
    return bytes;
  }

  private static void argue(GraphProto.Builder graph, Graph donor, Change.Argument argument, boolean fromGood) {
    String name = fromGood ? argument.node().name() : argument.goodNode();
    List<AttributeProto> stated =
        donor.findNode(fromGood ? argument.goodNode() : argument.node().name()).flatMap(node -> ElementTypes.find(donor.proto(node), argument.attribute())).stream().toList();
    for (int i = 0; i < graph.getNodeCount(); i++) {
      if (graph.getNode(i).getName().equals(name)) {
        graph.setNode(i, argued(graph.getNode(i), argument.attribute(), stated));
      }
    }
  }

  /// @param stated none when the donor does not state the attribute
  private static NodeProto argued(NodeProto node, String attribute, List<AttributeProto> stated) {
    NodeProto.Builder argued = node.toBuilder().clearAttribute();
    node.getAttributeList().stream().filter(each -> !each.getName().equals(attribute)).forEach(argued::addAttribute);
    return argued.addAllAttribute(stated).build();
  }

  private static void set(ModelProto.Builder model, Change.Opset opset, boolean fromGood) {
    long version = fromGood ? opset.good() : opset.bad();
    for (int i = model.getOpsetImportCount() - 1; i >= 0; i--) {
      if (Graph.domain(model.getOpsetImport(i).getDomain()).equals(opset.domain())) {
        model.removeOpsetImport(i);
      }
    }
    if (version > 0) {
      model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(opset.domain()).setVersion(version));
    }
  }
}
