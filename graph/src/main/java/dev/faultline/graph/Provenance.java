package dev.faultline.graph;

import dev.faultline.graph.proto.NodeProto;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// Where the numbers of a value come from, which decides whether a non-finite one can first appear in it.
enum Provenance {

  /// From the model alone: initializers, constants, and what follows from shapes.
  CONSTANT,

  /// From the request as it came: a graph input, or elements of one in another place or a wider type. Validation sees these.
  RAW,

  /// From arithmetic on a request's numbers.
  COMPUTED;

  /// They tell about shapes only, so that what a request holds ends here.
  static final Set<String> SHAPES = Set.of("Shape", "Size");

  /// They move elements and make none.
  private static final Set<String> MOVERS =
      Set.of(
          "ArrayFeatureExtractor", "CenterCropPad", "Compress", "Concat", "DepthToSpace", "Dropout", "Expand", "FeatureVectorizer",
          "Flatten", "Gather", "GatherElements", "GatherND", "Identity", "Imputer", "Pad", "Reshape", "ReverseSequence", "Slice",
          "SpaceToDepth", "Split", "Squeeze", "Tile", "Transpose", "Trilu", "Unsqueeze", "Where");

  /// The provenance of every value of the graph.
  static Map<String, Provenance> of(Graph graph, ElementTypes types) {
    Map<String, Provenance> all = new HashMap<>();
    graph.inputs().forEach(input -> all.put(input.name(), RAW));
    for (Node node : graph.nodes()) {
      Provenance provenance = of(node, graph.proto(node), all, types);
      node.writes().forEach(value -> all.put(value, provenance));
    }
    return all;
  }

  private static Provenance of(Node node, NodeProto proto, Map<String, Provenance> all, ElementTypes types) {
    if (SHAPES.contains(node.op()) || node.reads().stream().allMatch(value -> of(value, all) == CONSTANT)) {
      return CONSTANT;
    }
    if (MOVERS.contains(node.op())) {
      return ofMoved(node, all, types);
    }
    return node.op().equals("Cast") ? ofCast(node, proto, all, types) : COMPUTED;
  }

  /// Elements picked from constants by a request count as computed: a table can hold a NaN that few requests meet.
  private static Provenance ofMoved(Node node, Map<String, Provenance> all, ElementTypes types) {
    Set<Provenance> floats = EnumSet.noneOf(Provenance.class);
    node.reads().stream().filter(types::mayBeFloat).forEach(value -> floats.add(of(value, all)));
    return floats.contains(RAW) && !floats.contains(COMPUTED) ? RAW : COMPUTED;
  }

  /// A cast to a narrower float can overflow; one from whole numbers, or to `double`, makes nothing non-finite.
  private static Provenance ofCast(Node node, NodeProto proto, Map<String, Provenance> all, ElementTypes types) {
    String from = proto.getInput(0);
    if (!types.mayBeFloat(from)) {
      return RAW;
    }
    boolean widens = types.of(node.outputs().getFirst()) == ElementType.DOUBLE;
    return widens ? of(from, all) : COMPUTED;
  }

  private static Provenance of(String value, Map<String, Provenance> all) {
    return all.getOrDefault(value, CONSTANT);
  }
}
