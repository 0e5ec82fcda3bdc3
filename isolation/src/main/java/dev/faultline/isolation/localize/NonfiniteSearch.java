package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.FiniteProbe;
import dev.faultline.graph.FiniteProbe.Reach;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.Placed;
import dev.faultline.graph.Unfolding;
import dev.faultline.isolation.localize.NonfiniteFinding.Birth;
import dev.faultline.isolation.localize.NonfiniteFinding.Entry;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import dev.faultline.tensor.FiniteScan;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Finds every node that makes NaN or infinities of finite numbers in a run, why, and what becomes of them.
///
/// One run of a copy that asks of each value whether it is finite ([FiniteProbe]) shows how the sickness spreads; a second one brings out
/// the operands of the nodes where it begins. Where it begins in a body, that is opened: the branch that was taken, the first iteration
/// in which something was not finite. If all is finite without optimisation the same is asked of the optimised graph, because half
/// precision may overflow in a fused node only.
public final class NonfiniteSearch {

  /// Nodes reported; the first in topological order.
  static final int BIRTHS_MAX = 8;

  /// Bodies inside bodies that are opened, and bodies that are opened on suspicion.
  static final int DEPTH_MAX = 8;

  /// Rows of the batch that are named.
  static final int ROWS_MAX = 16;

  private static final LoadOptions PLAIN = new LoadOptions(1, Optimization.NONE);

  private final Laboratory laboratory;

  public NonfiniteSearch(Laboratory laboratory) {
    this.laboratory = laboratory;
  }

  /// @param inputs what the engine was given
  /// @throws dev.faultline.graph.GraphException when the artifact cannot be read as a graph
  public NonfiniteFinding localize(Artifact artifact, List<Tensor> inputs, Budget budget) {
    return new Search(new Bench(laboratory, artifact, inputs, budget), inputs).localize();
  }

  /// What one run said: the spread of sick values, or why there is none to see.
  private sealed interface Look {
    record Seen(Contagion contagion) implements Look {}

    record Blind(String reason) implements Look {}
  }

  private static final class Search {
    private final Bench bench;
    private final List<Tensor> inputs;

    Search(Bench bench, List<Tensor> inputs) {
      this.bench = bench;
      this.inputs = inputs;
    }

    NonfiniteFinding localize() {
      Unfolding top = Unfolding.of(bench.source());
      for (Optimization level : List.of(Optimization.NONE, Optimization.FULL)) {
        switch (look(top.graph(), new LoadOptions(1, level))) {
          case Look.Blind(String reason) -> {
            return new NonfiniteFinding.Unlocated(reason, bench.cost());
          }
          case Look.Seen(Contagion contagion) -> {
            if (!contagion.sick().isEmpty()) {
              return new NonfiniteFinding.Births(births(top, contagion), entries(top, contagion), level, bench.cost());
            }
          }
        }
      }
      List<Birth> hidden = hidden(top);
      return hidden.isEmpty() ? nothing() : new NonfiniteFinding.Births(hidden, List.of(), Optimization.NONE, bench.cost());
    }

    private Look look(Graph graph, LoadOptions options) {
      Attempt attempt = bench.run(FiniteProbe.of(graph, Reach.POSSIBLE_FLOATS), options);
      if (attempt instanceof Attempt.Unloadable || attempt instanceof Attempt.Failed) {
        attempt = bench.run(FiniteProbe.of(graph, Reach.KNOWN_FLOATS), options);
      }
      if (!(attempt instanceof Attempt.Served(var answers))) {
        return new Look.Blind(attempt.reason());
      }
      Set<String> sick = new HashSet<>(FiniteProbe.nonfinite(graph, answers));
      inputs.stream().filter(input -> !FiniteScan.allFinite(input)).forEach(input -> sick.add(input.name()));
      return new Look.Seen(new Contagion(graph, sick));
    }

    private NonfiniteFinding nothing() {
      Attempt original = bench.original(LoadOptions.DEFAULT);
      boolean sick = original instanceof Attempt.Served(var outputs) && outputs.values().stream().anyMatch(output -> !FiniteScan.allFinite(output));
      return sick
          ? new NonfiniteFinding.Unlocated("the model's outputs are not finite, and no copy of it that shows inner values repeats that", bench.cost())
          : new NonfiniteFinding.NotReproduced(bench.cost());
    }

    private List<Birth> births(Unfolding unfolding, Contagion contagion) {
      List<Birth> births = new ArrayList<>();
      for (Node node : contagion.births()) {
        if (births.size() < BIRTHS_MAX) {
          births.addAll(births(new Spot(unfolding, contagion, node, List.of()), 0));
        }
      }
      return births;
    }

    /// Sickness that is born in a body and swallowed there.
    private List<Birth> hidden(Unfolding top) {
      List<Birth> found = new ArrayList<>();
      List<Node> controls = top.graph().nodes().stream().filter(Unfolding::isControl).limit(DEPTH_MAX).toList();
      for (Node node : controls) {
        found.addAll(inside(new Spot(top, new Contagion(top.graph(), Set.of()), node, List.of()), 0));
      }
      return found;
    }

    /// A node at which sickness begins, in a graph that may have been opened on the way to it.
    private record Spot(Unfolding unfolding, Contagion contagion, Node node, List<Long> iterations) {}

    private List<Birth> births(Spot spot, int depth) {
      List<Birth> inside = Unfolding.isControl(spot.node) && depth < DEPTH_MAX ? inside(spot, depth) : List.of();
      return inside.isEmpty() ? List.of(birth(spot)) : inside;
    }

    private List<Birth> inside(Spot spot, int depth) {
      Optional<ControlFlow.Opened> opened =
          spot.node.op().equals("If")
              ? ControlFlow.openBranch(bench, spot.unfolding, spot.node)
              : ControlFlow.openNonfiniteIteration(bench, spot.unfolding, spot.node);
      if (opened.isEmpty() || !(look(opened.get().unfolding().graph(), PLAIN) instanceof Look.Seen(Contagion contagion))) {
        return List.of();
      }
      Unfolding unfolding = opened.get().unfolding();
      List<Long> iterations = new ArrayList<>(spot.iterations);
      iterations.add(opened.get().iteration());
      int level = spot.unfolding.place(spot.node).scope().size();
      NodeRef control = spot.unfolding.place(spot.node).node();
      List<Birth> births = new ArrayList<>();
      for (Node node : contagion.births()) {
        List<NodeRef> scope = unfolding.place(node).scope();
        if (births.size() < BIRTHS_MAX && scope.size() > level && scope.get(level).equals(control)) {
          births(new Spot(unfolding, contagion, node, iterations), depth + 1).forEach(birth -> births.add(seenFromOutside(birth, spot)));
        }
      }
      return births;
    }

    /// An opened iteration has lost the graph behind it, so what it spoils there is what its control node spoils.
    private Birth seenFromOutside(Birth birth, Spot spot) {
      Set<String> spoilt = new HashSet<>(spot.node.writes());
      Set<NodeRef> swallowers = new LinkedHashSet<>(birth.swallowedBy());
      swallowers.addAll(spot.contagion.swallowers(spoilt, node -> spot.unfolding.place(node).node()));
      return new Birth(
          birth.node(), birth.scope(), birth.iterations(), birth.made(), birth.operands(), birth.offences(), spot.contagion.spoiled(spoilt), List.copyOf(swallowers), birth.rows());
    }

    private Birth birth(Spot spot) {
      Node node = spot.node;
      Set<String> sick = new LinkedHashSet<>(node.writes());
      sick.retainAll(spot.contagion.sick());
      String first = sick.stream().findFirst().orElse("");
      Examination examination = Examination.of(bench, spot.unfolding.graph(), node, sick);
      Optional<Tensor> made = examination.tensor(first).filter(tensor -> !FiniteScan.allFinite(tensor));
      Placed placed = spot.unfolding.place(node);
      NodeRef ref = new NodeRef(placed.node().index(), placed.node().name(), placed.node().op(), placed.scope().isEmpty() ? first : placed.node().output());
      return new Birth(
          ref,
          placed.scope(),
          ControlFlow.iterations(placed, spot.iterations),
          made.map(TensorSummary::of).stream().toList(),
          examination.operands(),
          made.map(tensor -> examination.offences(given -> NonfiniteRules.flaws(given, tensor, FiniteScan.next(tensor, 0)))).orElse(List.of()),
          spot.contagion.spoiled(sick),
          spot.contagion.swallowers(sick, each -> spot.unfolding.place(each).node()),
          made.map(this::rows).orElse(List.of()));
    }

    private List<Long> rows(Tensor made) {
      boolean batched = made.shape().rank() > 0 && inputs.stream().anyMatch(input -> input.shape().rank() > 0 && input.shape().extent(0) == made.shape().extent(0));
      Set<Long> rows = new LinkedHashSet<>();
      int flat = FiniteScan.next(made, 0);
      while (batched && flat >= 0 && rows.size() < ROWS_MAX) {
        long row = made.shape().row(flat);
        rows.add(row);
        long next = (row + 1) * (made.shape().elementCount() / made.shape().extent(0));
        flat = next < made.count() ? FiniteScan.next(made, (int) next) : -1;
      }
      return List.copyOf(rows);
    }

    private List<Entry> entries(Unfolding unfolding, Contagion contagion) {
      List<Entry> entries = new ArrayList<>();
      for (Tensor input : inputs) {
        int flat = FiniteScan.next(input, 0);
        if (flat >= 0) {
          Set<String> value = Set.of(input.name());
          var element =
              new ElementSource(Operand.Source.INPUT, input.name(), input.shape().coordinates(flat), input.textAt(flat), ElementSource.Relation.UNCHANGED);
          List<NodeRef> enters = contagion.enters(input.name()).stream().map(node -> unfolding.place(node).node()).toList();
          entries.add(new Entry(element, enters, contagion.spoiled(value), contagion.swallowers(value, node -> unfolding.place(node).node())));
        }
      }
      return entries;
    }
  }
}
