package dev.faultline.isolation.localize;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.FiniteProbe;
import dev.faultline.graph.FiniteProbe.Reach;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.Placed;
import dev.faultline.graph.Unfolding;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;

/// Which body of a control node a run went through: the branch that an `If` took, the iteration of a `Loop` or `Scan` that failed.
final class ControlFlow {

  /// Iterations of a loop among which the failing one is searched; one that fails later is named without its number.
  static final long ITERATIONS_MAX = 1L << 20;

  private ControlFlow() {}

  /// What an opened body is: the graph, and the iteration it shows, -1 for a branch.
  record Opened(Unfolding unfolding, long iteration) {}

  static Optional<Opened> openBranch(Bench bench, Unfolding unfolding, Node node) {
    String condition = node.inputs().getFirst();
    return bench
        .fetch(unfolding.graph(), Set.of(condition))
        .tensor(condition)
        .filter(tensor -> tensor.count() > 0)
        .map(tensor -> new Opened(unfolding.branch(node, tensor.longAt(0) != 0), -1));
  }

  /// The first iteration up to which the loop fails.
  static Optional<Opened> openFailingIteration(Bench bench, Unfolding unfolding, Node node) {
    LongPredicate failsWithin = rounds -> bench.run(unfolding.upTo(node, rounds)) instanceof Attempt.Failed;
    OptionalLong rounds = smallest(failsWithin, roundsMax(bench, unfolding.graph(), node));
    return rounds.isEmpty() ? Optional.empty() : Optional.of(new Opened(unfolding.iteration(node, rounds.getAsLong() - 1), rounds.getAsLong() - 1));
  }

  /// The first iteration in which a value of the body was not finite.
  static Optional<Opened> openNonfiniteIteration(Bench bench, Unfolding unfolding, Node node) {
    Attempt attempt = bench.run(FiniteProbe.ofIterations(unfolding.graph(), node, Reach.POSSIBLE_FLOATS));
    if (attempt instanceof Attempt.Unloadable || attempt instanceof Attempt.Failed) {
      attempt = bench.run(FiniteProbe.ofIterations(unfolding.graph(), node, Reach.KNOWN_FLOATS));
    }
    return attempt instanceof Attempt.Served(var answers)
        ? FiniteProbe.firstNonfiniteIteration(answers).map(iteration -> new Opened(unfolding.iteration(node, iteration), iteration))
        : Optional.empty();
  }

  /// One for each node around a place, -1 where it has none; function calls have none, and were opened before all others.
  static List<Long> iterations(Placed placed, List<Long> opened) {
    List<Long> all = new ArrayList<>();
    int next = 0;
    for (NodeRef around : placed.scope()) {
      boolean control = List.of("If", "Loop", "Scan").contains(around.op());
      all.add(control && next < opened.size() ? opened.get(next++) : -1L);
    }
    return all;
  }

  /// Grows, then halves: the failing iteration is often an early one, and the last may be very far away.
  static OptionalLong smallest(LongPredicate holds, long max) {
    long low = 0;
    long high = 1;
    while (high < max && !holds.test(high)) {
      low = high;
      high = Math.min(max, high * 4);
    }
    if (!holds.test(high)) {
      return OptionalLong.empty();
    }
    while (high - low > 1) {
      long middle = low + (high - low) / 2;
      if (holds.test(middle)) {
        high = middle;
      } else {
        low = middle;
      }
    }
    return OptionalLong.of(high);
  }

  private static long roundsMax(Bench bench, Graph graph, Node node) {
    boolean loop = node.op().equals("Loop");
    String told = node.inputs().get(loop ? 0 : node.inputs().size() - 1);
    if (told.isEmpty()) {
      return ITERATIONS_MAX;
    }
    Bench.Values values = bench.fetch(graph, Set.of(told));
    Optional<Long> rounds = loop ? values.tensor(told).map(ControlFlow::first) : values.shape(told).map(ControlFlow::longest);
    return Math.clamp(rounds.orElse(ITERATIONS_MAX), 1, ITERATIONS_MAX);
  }

  private static long first(Tensor tensor) {
    return tensor.count() == 0 ? 0 : tensor.longAt(0);
  }

  /// An upper bound whatever the axis: a `Scan` that is given fewer elements than asked for reads them all.
  private static long longest(Shape shape) {
    long longest = 0;
    for (int axis = 0; axis < shape.rank(); axis++) {
      longest = Math.max(longest, shape.extent(axis));
    }
    return longest;
  }
}
