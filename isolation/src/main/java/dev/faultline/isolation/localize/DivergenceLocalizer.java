package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Change;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphAlignment;
import dev.faultline.graph.GraphDiff;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.GraphSlice;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeAlone;
import dev.faultline.isolation.localize.DivergenceFinding.Introducer;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Finds the first nodes of a version whose values depart from the version before.
///
/// Both graphs run on the same inputs with their inner values brought out, and nodes that answer to each other ([GraphAlignment]) are
/// compared. A value departs when its error is above 1e-3 and above ten times what the earlier version differs from itself by when it is
/// optimised. A node is only named if it departs *on the earlier version's operands* (golden inputs): errors that come in from elsewhere
/// cannot accuse it. In a quantised version everything departs a little; there a node is named when the signal-to-noise ratio drops by
/// 10 dB or more from its operands to its output.
///
/// When a version was trained anew all layers differ and this says no more than that: [Chimera] does.
public final class DivergenceLocalizer {

  static final double ERROR_MIN = 1e-3;
  static final double FLOOR_FACTOR = 10;
  static final double LOSS_DECIBELS_MIN = 10;

  /// Nodes that are run alone.
  static final int SUSPECTS_MAX = 16;

  private final Laboratory laboratory;

  public DivergenceLocalizer(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /// @param inputs what the engine was given, which both versions take
  /// @throws dev.faultline.graph.GraphException when an artifact cannot be read as a graph
  public DivergenceFinding localize(Artifact good, Artifact bad, List<Tensor> inputs, Budget budget) {
    return new Comparison(good, bad, inputs, budget).localize();
  }

  private final class Comparison {
    private final Artifact badArtifact;
    private final List<Tensor> inputs;
    private final Budget budget;
    private final GraphDiff diff;
    private final GraphAlignment alignment;
    private final Bench goodBench;
    private final Bench badBench;
    private final Map<String, Tensor> before = new HashMap<>();
    private final Map<String, Tensor> after = new HashMap<>();
    private final Map<String, Double> floors = new HashMap<>();
    private int runsAlone;

    Comparison(Artifact good, Artifact bad, List<Tensor> inputs, Budget budget) {
      this.badArtifact = bad;
      this.inputs = List.copyOf(inputs);
      this.budget = budget;
      this.diff = GraphDiff.of(GraphReader.read(good.file()), GraphReader.read(bad.file()));
      this.alignment = GraphAlignment.of(diff.good(), diff.bad());
      this.goodBench = new Bench(laboratory, good, diff.good(), inputs, budget);
      this.badBench = new Bench(laboratory, bad, diff.bad(), inputs, budget);
    }

    DivergenceFinding localize() {
      Map<String, String> pairs = pairs();
      Bench.Values goodValues = goodBench.fetch(diff.good(), new LinkedHashSet<>(pairs.values()));
      Bench.Values badValues = badBench.fetch(diff.bad(), pairs.keySet());
      pairs.forEach((value, partner) -> {
        goodValues.tensor(partner).ifPresent(tensor -> before.put(value, tensor));
        badValues.tensor(value).ifPresent(tensor -> after.put(value, tensor));
      });
      if (before.isEmpty() || after.isEmpty()) {
        return new DivergenceFinding.Unlocated("no inner value of both versions could be brought out" + (budget.isSpent() ? ": the budget is spent" : ""), cost());
      }
      measureFloors(pairs);
      List<Introducer> found = introducers();
      int compared = (int) pairs.keySet().stream().filter(value -> before.containsKey(value) && after.containsKey(value)).count();
      return found.isEmpty()
          ? new DivergenceFinding.Alike(compared, alignment.added().stream().map(Comparison::ref).toList(), cost())
          : new DivergenceFinding.Introduced(found, compared, cost());
    }

    /// Values of the bad graph that nodes make, and what they are called in the good one.
    private Map<String, String> pairs() {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (Node node : diff.bad().nodes()) {
        node.writes().forEach(value -> alignment.goodValue(value).ifPresent(partner -> pairs.put(value, partner)));
      }
      return pairs;
    }

    /// The earlier version against itself, optimised.
    private void measureFloors(Map<String, String> pairs) {
      Set<String> values = new LinkedHashSet<>();
      pairs.forEach((value, partner) -> {
        if (before.containsKey(value)) {
          values.add(partner);
        }
      });
      if (goodBench.run(GraphSlice.of(diff.good(), values), new LoadOptions(1, Optimization.FULL)) instanceof Attempt.Served(var optimised)) {
        pairs.forEach((value, partner) -> {
          Tensor other = optimised.get(partner);
          Tensor plain = before.get(value);
          if (other != null && plain != null) {
            floors.put(value, distance(plain, other));
          }
        });
      }
    }

    private List<Introducer> introducers() {
      List<Introducer> found = new ArrayList<>();
      int suspects = 0;
      boolean quantised = isQuantised();
      for (Node node : diff.bad().nodes()) {
        Optional<String> departed = node.writes().stream().filter(value -> error(value) > limit(value)).findFirst();
        if (departed.isEmpty() || alignment.good(node).isEmpty() || suspects >= SUSPECTS_MAX) {
          continue;
        }
        double loss = decibels(incoming(node)) - decibels(error(departed.get()));
        if (quantised) {
          found.addAll(loss >= LOSS_DECIBELS_MIN ? List.of(introducer(node, departed.get(), error(departed.get()), loss)) : List.of());
        } else if (incoming(node) <= limit(departed.get()) || !changes(node).isEmpty()) {
          suspects++;
          double alone = alone(node, departed.get());
          found.addAll(alone > limit(departed.get()) ? List.of(introducer(node, departed.get(), alone, loss)) : List.of());
        }
      }
      return found;
    }

    private Introducer introducer(Node node, String value, double alone, double loss) {
      return new Introducer(
          ref(node), ref(alignment.good(node).orElseThrow()), error(value), alone, floors.getOrDefault(value, 0.0), loss, changes(node));
    }

    /// The error of the node's output when it is given what the earlier version gave its partner; its own error where it cannot be run alone.
    private double alone(Node node, String value) {
      List<Tensor> golden = new ArrayList<>();
      for (String read : node.reads()) {
        if (!diff.bad().initializers().containsKey(read)) {
          Optional<Tensor> tensor = Optional.ofNullable(before.get(read)).or(() -> input(read));
          if (tensor.isEmpty()) {
            return incoming(node) <= limit(value) ? error(value) : 0;
          }
          golden.add(tensor.get().renamed(read));
        }
      }
      Bench bench = new Bench(laboratory, badArtifact, diff.bad(), golden, budget);
      runsAlone++;
      Tensor expected = before.get(value);
      return bench.run(NodeAlone.of(diff.bad(), node, golden)) instanceof Attempt.Served(var made) && made.containsKey(value) && expected != null
          ? distance(expected, made.get(value))
          : error(value);
    }

    private Optional<Tensor> input(String name) {
      return inputs.stream().filter(tensor -> tensor.name().equals(name)).findFirst();
    }

    /// The worst error that reaches a node, found behind nodes without a partner too.
    private double incoming(Node node) {
      double worst = 0;
      Set<String> seen = new HashSet<>(node.reads());
      Deque<String> open = new ArrayDeque<>(seen);
      while (!open.isEmpty()) {
        String value = open.remove();
        if (before.containsKey(value) && after.containsKey(value)) {
          worst = Math.max(worst, error(value));
        } else {
          diff.bad().findProducer(value).ifPresent(producer -> producer.reads().stream().filter(seen::add).forEach(open::add));
        }
      }
      return worst;
    }

    private double error(String value) {
      Tensor reference = before.get(value);
      Tensor other = after.get(value);
      return reference == null || other == null ? 0 : distance(reference, other);
    }

    private double limit(String value) {
      return Math.max(ERROR_MIN, FLOOR_FACTOR * floors.getOrDefault(value, 0.0));
    }

    private List<Change> changes(Node node) {
      return diff.changes().stream().filter(change -> concerns(change, node)).toList();
    }

    private static boolean concerns(Change change, Node node) {
      return switch (change) {
        case Change.Weights weights -> node.reads().contains(weights.name());
        case Change.Argument argument -> argument.node().name().equals(node.name());
        case Change.Structure structure -> structure.rewired().contains(ref(node));
        case Change.Opset _ -> false;
      };
    }

    private boolean isQuantised() {
      return diff.bad().nodes().stream().anyMatch(node -> node.op().equals("QuantizeLinear") || node.op().equals("DynamicQuantizeLinear"))
          && diff.good().nodes().stream().noneMatch(node -> node.op().contains("QuantizeLinear"));
    }

    private static NodeRef ref(Node node) {
      return new NodeRef(node.index(), node.name(), node.op(), node.writes().stream().findFirst().orElse(""));
    }

    private Cost cost() {
      Cost good = goodBench.cost();
      return new Cost(good.runs() + badBench.cost().runs() + runsAlone, good.millis());
    }
  }

  private static double decibels(double error) {
    return -20 * Math.log10(Math.max(error, 1e-12));
  }

  /// 0 for equal tensors; infinite where they cannot be compared.
  static double distance(Tensor reference, Tensor other) {
    Shape shape = reference.shape();
    if (!shape.equals(other.shape()) || reference.type().isFloating() != other.type().isFloating()) {
      return Double.POSITIVE_INFINITY;
    }
    return reference.type().isFloating() ? relative(reference, other) : share(reference, other);
  }

  private static double relative(Tensor reference, Tensor other) {
    double squares = 0;
    double norm = 0;
    for (int i = 0; i < reference.count(); i++) {
      double a = reference.doubleAt(i);
      double b = other.doubleAt(i);
      if (Double.isFinite(a) && Double.isFinite(b)) {
        squares += (a - b) * (a - b);
        norm += a * a;
      } else if (Double.compare(a, b) != 0) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return Math.sqrt(squares) / (Math.sqrt(norm) + 1e-12);
  }

  private static double share(Tensor reference, Tensor other) {
    int differing = 0;
    for (int i = 0; i < reference.count(); i++) {
      differing += isSame(reference, other, i) ? 0 : 1;
    }
    return reference.count() == 0 ? 0 : (double) differing / reference.count();
  }

  private static boolean isSame(Tensor reference, Tensor other, int index) {
    boolean text = reference.type() == DataType.BYTES || other.type() == DataType.BYTES;
    return text ? reference.textAt(index).equals(other.textAt(index)) : reference.longAt(index) == other.longAt(index);
  }
}
