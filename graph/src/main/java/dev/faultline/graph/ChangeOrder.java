package dev.faultline.graph;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/// Puts the changes first that experience blames first: what looks like preprocessing (scales, offsets, lookups near the inputs), then the
/// rest by how much changed.
final class ChangeOrder {

  /// Operators whose constants normalise, scale, encode or look up.
  private static final Set<String> PREPARING =
      Set.of("Sub", "Div", "Mul", "Add", "Clip", "Scaler", "LabelEncoder", "OneHotEncoder", "OneHot", "Imputer", "Gather", "Normalizer", "CategoryMapper", "Pow", "Equal");

  /// Nodes from the beginning that count as near the inputs.
  private static final int NEAR = 16;

  private ChangeOrder() {}

  static List<Change> sorted(Graph graph, List<Change> changes) {
    List<Change> sorted = new ArrayList<>(changes);
    sorted.sort(Comparator.<Change>comparingInt(change -> rank(graph, change)).thenComparing(Comparator.comparingDouble(ChangeOrder::size).reversed()));
    return sorted;
  }

  private static int rank(Graph graph, Change change) {
    return switch (change) {
      case Change.Weights weights -> graph.consumers(weights.name()).stream().mapToInt(ChangeOrder::rank).min().orElse(NEAR + 3);
      case Change.Argument argument -> graph.findNode(argument.node().name()).map(ChangeOrder::rank).orElse(NEAR + 1);
      case Change.Opset _ -> NEAR + 1;
      case Change.Structure _ -> NEAR + 2;
    };
  }

  private static int rank(Node reader) {
    return PREPARING.contains(reader.op()) ? Math.min(reader.index(), NEAR) : NEAR;
  }

  private static double size(Change change) {
    return change instanceof Change.Weights weights ? weights.change() : 1;
  }
}
