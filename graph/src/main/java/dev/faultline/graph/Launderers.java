package dev.faultline.graph;

import dev.faultline.graph.Launderer.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// Finds where a graph can turn a non-finite number into an answer that looks sure, so that the number can be watched with
/// [GraphTap] at serving time.
///
/// A value is worth watching when it is known to be a float, comes from arithmetic on a request's numbers, and is not an output of
/// the graph already. So a graph input is not watched (validation sees it), nor a constant, nor arithmetic on shapes, nor a value
/// whose type does not follow from the model. `IsNaN`, `IsInf` and `Equal(x, x)` are deliberate checks and launder nothing; neither
/// does `Where`, which drops numbers because it is told to, nor a tree ensemble, for which NaN means "missing".
///
/// Of numbers that a body computes for itself only those it reads from outside are watched: a tap does not reach into a body. An
/// infinity that saturates, such as `Sigmoid(Inf)` = 1 or `Clip(Inf)`, is the function's right value and not laundering.
public final class Launderers {

  private final Graph graph;
  private final ElementTypes types;
  private final Map<String, Provenance> provenance;
  private final SequencedSet<String> outputs;

  private Launderers(Graph graph) {
    this.graph = graph;
    this.types = ElementTypes.of(graph);
    this.provenance = Provenance.of(graph, types);
    this.outputs = graph.outputNames();
  }

  /// The launderers of a graph in topological order, one for each pair of node and value to watch.
  public static List<Launderer> find(Graph graph) {
    return new Launderers(graph).find();
  }

  /// The values to watch, each once, in the order of their first launderer.
  public static SequencedSet<String> watches(Collection<Launderer> launderers) {
    SequencedSet<String> watches = new LinkedHashSet<>();
    launderers.forEach(launderer -> watches.add(launderer.watch()));
    return watches;
  }

  private List<Launderer> find() {
    List<Launderer> found = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Optional<Laundering> laundering = Laundering.of(node, graph, types);
      if (laundering.isPresent()) {
        found.addAll(launderers(node, laundering.get().kind(), laundering.get().watches()));
      }
    }
    return List.copyOf(found);
  }

  private List<Launderer> launderers(Node node, Kind kind, List<String> watches) {
    List<String> worthWatching = watches.stream().filter(this::isWorthWatching).toList();
    if (worthWatching.isEmpty()) {
      return List.of();
    }
    List<String> reached = reached(node);
    return reached.isEmpty()
        ? List.of()
        : worthWatching.stream().map(watch -> new Launderer(node, kind, watch, reached)).toList();
  }

  private boolean isWorthWatching(String value) {
    return types.isFloat(value) && provenance.get(value) == Provenance.COMPUTED && !outputs.contains(value);
  }

  /// The graph outputs that depend on more than the shape of what a node makes.
  private List<String> reached(Node start) {
    Set<String> reached = new HashSet<>(start.writes());
    Deque<String> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (Node node : graph.consumers(open.remove())) {
        if (!Provenance.SHAPES.contains(node.op())) {
          node.writes().stream().filter(reached::add).forEach(open::add);
        }
      }
    }
    return outputs.stream().filter(reached::contains).toList();
  }
}
