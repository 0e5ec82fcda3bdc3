package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.reduce.Boundary.State;
import dev.faultline.isolation.reduce.NumberLine.Direction;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One search along a number line. Bisects first among the landmarks and then in value, so that a boundary at 2^31 costs no more trials
/// than one at 249, then looks beyond the failing value for another boundary, and checks both sides for exceptions. Before all, and whenever
/// an end of what is left is rounder than all within, it asks whether that end is the boundary: most boundaries are where a person or a
/// sign put them, and one trial then ends the search.
///
/// Each value is tried once. For one search.
final class LineSearch<N extends Comparable<N>> {
  /// Bisection of a 64-bit line ends by itself within this; it also ends a search whose middle errs.
  private static final int STEPS_MAX = 128;
  /// Round ends that are tried; for boundaries that nobody chose each is one trial too many.
  private static final int GUESSES_MAX = 2;

  private final NumberLine<N> line;
  private final Oracle<N> oracle;
  private final Budget budget;
  private final Map<N, TrialResult> tried = new TreeMap<>();
  private int trials;
  private int guesses;
  private boolean exhausted;

  LineSearch(NumberLine<N> line, Oracle<N> oracle, Budget budget) {
    this.line = line;
    this.oracle = oracle;
    this.budget = budget;
  }

  Boundary between(N passing, N failing) {
    if (passing.compareTo(failing) == 0) {
      throw new IllegalArgumentException("the passing and the failing value are both " + passing + " (expected: two values)");
    }
    tried.put(passing, TrialResult.PASS);
    tried.put(failing, TrialResult.FAIL);
    Direction away = failing.compareTo(passing) > 0 ? Direction.UP : Direction.DOWN;
    Edge<N> near = edge(passing, failing);
    Optional<Edge<N>> far = farEdge(near, failing, away);
    boolean monotone = isMonotone(passing, near, far.map(Edge::failing).orElse(failing));
    State end = exhausted ? State.PARTIAL : State.EXACT;
    return new Boundary(monotone ? end : State.NOT_MONOTONE, limits(near, far, away), trials);
  }

  /// Neighbours on the line, one passing and one failing.
  private record Edge<N>(N passing, N failing) {}

  private Edge<N> edge(N passing, N failing) {
    Edge<N> bracket = betweenLandmarks(atOrigin(new Edge<>(passing, failing)));
    for (int step = 0; step < STEPS_MAX && !exhausted; step++) {
      bracket = guessed(bracket);
      N middle = line.middle(least(bracket), greatest(bracket));
      if (middle.compareTo(bracket.passing()) == 0 || middle.compareTo(bracket.failing()) == 0) {
        return bracket;
      }
      bracket = narrowed(bracket, middle);
    }
    return bracket;
  }

  private Edge<N> atOrigin(Edge<N> bracket) {
    return line.origin(least(bracket), greatest(bracket)).map(origin -> narrowed(bracket, origin)).map(this::guessed).orElse(bracket);
  }

  /// Tries the neighbour of an end that is likelier to be the boundary than all within.
  private Edge<N> guessed(Edge<N> bracket) {
    if (line.isLikelier(bracket.passing(), bracket.failing())) {
      return guessed(bracket, line.beside(bracket.passing(), bracket.failing()));
    }
    return line.isLikelier(bracket.failing(), bracket.passing()) ? guessed(bracket, line.beside(bracket.failing(), bracket.passing())) : bracket;
  }

  private Edge<N> guessed(Edge<N> bracket, N neighbour) {
    boolean isWithin = neighbour.compareTo(least(bracket)) > 0 && neighbour.compareTo(greatest(bracket)) < 0;
    if (!isWithin || guesses >= GUESSES_MAX || tried.containsKey(neighbour)) {
      return bracket;
    }
    guesses++;
    return narrowed(bracket, neighbour);
  }

  private Edge<N> betweenLandmarks(Edge<N> open) {
    Edge<N> bracket = open;
    List<N> landmarks = line.landmarks(least(bracket), greatest(bracket));
    while (!landmarks.isEmpty() && !exhausted) {
      bracket = narrowed(bracket, landmarks.get(landmarks.size() / 2));
      landmarks = line.landmarks(least(bracket), greatest(bracket));
    }
    return bracket;
  }

  private Edge<N> narrowed(Edge<N> bracket, N middle) {
    boolean fails = fails(middle);
    if (exhausted) {
      return bracket;
    }
    return fails ? new Edge<>(bracket.passing(), middle) : new Edge<>(middle, bracket.failing());
  }

  /// Where values beyond the failing one pass again. One that fails alone, such as 0 or -1, is found by its neighbour.
  private Optional<Edge<N>> farEdge(Edge<N> near, N failing, Direction away) {
    N end = line.end(away);
    N beside = line.beside(failing, end);
    if (failing.compareTo(end) == 0 || exhausted) {
      return Optional.empty();
    }
    if (near.failing().compareTo(failing) == 0 && passes(beside)) {
      return Optional.of(new Edge<>(beside, failing));
    }
    return passes(end) ? Optional.of(edge(end, failing)) : Optional.empty();
  }

  /// Tries the middle of the widest gap on each side of the boundary.
  private boolean isMonotone(N passing, Edge<N> near, N lastFailing) {
    return gap(passing, near.passing()).map(value -> !fails(value)).orElse(true)
        && gap(near.failing(), lastFailing).map(value -> !passes(value)).orElse(true);
  }

  private Optional<N> gap(N from, N to) {
    N low = from.compareTo(to) < 0 ? from : to;
    N high = from.compareTo(to) < 0 ? to : from;
    N middle = line.middle(low, high);
    boolean known = exhausted || middle.compareTo(low) <= 0 || middle.compareTo(high) >= 0 || tried.containsKey(middle);
    return known ? Optional.empty() : Optional.of(middle);
  }

  private List<Limit> limits(Edge<N> near, Optional<Edge<N>> far, Direction away) {
    if (far.isPresent() && far.get().failing().compareTo(near.failing()) == 0) {
      return List.of(limit(Operator.EQUAL, near));
    }
    var limits = new ArrayList<>(List.of(limit(away == Direction.UP ? Operator.AT_LEAST : Operator.AT_MOST, near)));
    far.ifPresent(edge -> limits.add(limit(away == Direction.UP ? Operator.AT_MOST : Operator.AT_LEAST, edge)));
    return limits;
  }

  private Limit limit(Operator operator, Edge<N> edge) {
    return new Limit(operator, line.reading(edge.failing()), line.reading(edge.passing()));
  }

  private boolean fails(N value) {
    return result(value) == TrialResult.FAIL;
  }

  private boolean passes(N value) {
    return result(value) == TrialResult.PASS;
  }

  private TrialResult result(N value) {
    TrialResult known = tried.get(value);
    if (known != null || exhausted) {
      return known == null ? TrialResult.UNRESOLVED : known;
    }
    trials++;
    TrialResult result = oracle.test(value);
    exhausted = result == TrialResult.UNRESOLVED && budget.isSpent();
    tried.put(value, result);
    return result;
  }

  private N least(Edge<N> edge) {
    return edge.passing().compareTo(edge.failing()) < 0 ? edge.passing() : edge.failing();
  }

  private N greatest(Edge<N> edge) {
    return edge.passing().compareTo(edge.failing()) < 0 ? edge.failing() : edge.passing();
  }
}
