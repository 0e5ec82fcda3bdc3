package dev.faultline.isolation.reduce;

import dev.faultline.isolation.reduce.Reduction.State;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Finds the smallest set of elements that makes a passing request fail, by bisection over prefixes of an ordered list.
///
/// The oracle is asked whether the passing request fails when it is given the failing request's values on these elements and on no
/// others. What is UNRESOLVED counts as not failing. Elements are told apart by `equals`; no two may be equal. Nothing that was answered is
/// asked again.
///
/// 1. The first few elements are tried alone: attribution has put the likely ones first, and most faults have one cause. The very first is
///    tried even before all together are: where it fails alone, that they fail too need not be asked.
/// 2. The shortest prefix that fails ends with an element that is needed. It is kept, the search goes on among those before it
///    (as in Zeller's isolation of cause-effect chains and in QuickXplain), until what is kept fails alone: k log2 n trials for k causes.
/// 3. Each kept element is left out once more, until none can be: with that the set is 1-minimal also where the oracle is not monotone.
/// 4. Elements that have parts are replaced by those of their parts that are needed (hierarchical delta debugging).
/// 5. The other way round: without what is kept the failing request must pass. Where it does not there is another cause.
///
/// Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input" (2002); Junker, "QuickXplain" (2004); Misherghi and Su,
/// "HDD: hierarchical delta debugging" (2006).
public final class PrefixBisection<E> {
  /// Elements that are tried alone before anything else.
  public static final int SINGLES = 3;
  /// Causes that are looked for; what is beyond them is left in.
  public static final int CAUSES_MAX = 4;
  /// Levels of parts within parts.
  public static final int DEPTH_MAX = 40;

  private final Oracle<List<E>> oracle;
  private final Budget budget;
  private final Map<Set<E>, TrialResult> known = new HashMap<>();
  private int trials;
  private boolean exhausted;

  public PrefixBisection(Oracle<List<E>> oracle, Budget budget) {
    this.oracle = oracle;
    this.budget = budget;
  }

  /// Reduces elements that have no parts.
  public Reduction<E> reduce(List<E> elements) {
    return reduce(elements, Parts.none());
  }

  /// Reduces the elements, the most suspicious first, and then those that are kept to their parts. May be called once.
  public Reduction<E> reduce(List<E> elements, Parts<E> parts) {
    if (fails(List.of())) {
      return end(State.BASELINE_FAILS, List.of(), false);
    }
    boolean firstIsEnough = elements.size() > 1 && fails(elements.subList(0, 1));
    if (!firstIsEnough && !fails(elements)) {
      return end(exhausted ? State.PARTIAL : State.NOT_REPRODUCED, List.of(), false);
    }
    return causes(elements, parts);
  }

  private Reduction<E> causes(List<E> elements, Parts<E> parts) {
    var causes = new ArrayList<List<E>>();
    List<E> rest = elements;
    TrialResult restResult = TrialResult.FAIL;
    State state = State.MINIMAL;
    while (restResult == TrialResult.FAIL && causes.size() < CAUSES_MAX && !exhausted) {
      List<E> coarse = minimal(List.of(), rest);
      rest = without(rest, coarse);
      restResult = exhausted ? TrialResult.UNRESOLVED : test(rest);
      boolean first = causes.isEmpty();
      causes.add(first && !exhausted ? descend(coarse, parts) : coarse);
      state = first && exhausted ? State.PARTIAL : state;
    }
    return end(state, causes, restResult == TrialResult.PASS);
  }

  private Reduction<E> end(State state, List<List<E>> causes, boolean necessary) {
    return new Reduction<>(state, causes, necessary, trials);
  }

  /// A 1-minimal subset of `elements` that fails together with `fixed`; all of them together are known to.
  private List<E> minimal(List<E> fixed, List<E> elements) {
    for (E single : elements.subList(0, Math.min(SINGLES, elements.size() - 1))) {
      if (fails(with(fixed, List.of(single)))) {
        return List.of(single);
      }
    }
    return swept(fixed, needed(fixed, elements));
  }

  private List<E> needed(List<E> fixed, List<E> elements) {
    List<E> kept = List.of();
    List<E> open = elements;
    while (!open.isEmpty() && (kept.isEmpty() || !fails(with(fixed, kept)))) {
      int shortest = shortestFailing(with(fixed, kept), open);
      if (exhausted) {
        return with(kept, open.subList(0, shortest));
      }
      kept = with(kept, List.of(open.get(shortest - 1)));
      open = open.subList(0, shortest - 1);
    }
    return kept;
  }

  /// The length of the shortest prefix that is known to fail together with `fixed`; the whole of `open` is.
  private int shortestFailing(List<E> fixed, List<E> open) {
    int passing = 0;
    int failing = open.size();
    while (failing - passing > 1 && !exhausted) {
      int middle = (passing + failing) >>> 1;
      if (fails(with(fixed, open.subList(0, middle)))) {
        failing = middle;
      } else {
        passing = middle;
      }
    }
    return failing;
  }

  /// Leaves out one after the other, round after round until a round changes nothing.
  private List<E> swept(List<E> fixed, List<E> kept) {
    List<E> left = kept;
    int size;
    do {
      size = left.size();
      left = sweptOnce(fixed, left);
    } while (left.size() < size && left.size() > 1 && !exhausted);
    return left;
  }

  private List<E> sweptOnce(List<E> fixed, List<E> kept) {
    List<E> left = kept;
    for (E element : kept) {
      List<E> fewer = without(left, List.of(element));
      if (!fewer.isEmpty() && fails(with(fixed, fewer))) {
        left = fewer;
      }
    }
    return left;
  }

  private List<E> descend(List<E> kept, Parts<E> parts) {
    List<E> whole = kept;
    for (int depth = 0; depth < DEPTH_MAX && !exhausted; depth++) {
      List<E> finer = descendOnce(whole, parts);
      if (finer.equals(whole)) {
        return whole;
      }
      whole = finer;
    }
    return whole;
  }

  private List<E> descendOnce(List<E> kept, Parts<E> parts) {
    List<E> done = kept;
    for (E element : kept) {
      List<E> within = parts.of(element);
      List<E> others = without(done, List.of(element));
      if (within.size() > 1 && !exhausted && fails(with(others, within))) {
        done = with(others, minimal(others, within));
      }
    }
    return done;
  }

  private boolean fails(List<E> elements) {
    return test(elements) == TrialResult.FAIL;
  }

  private TrialResult test(List<E> elements) {
    TrialResult before = known.get(Set.copyOf(elements));
    if (before != null || exhausted) {
      return before == null ? TrialResult.UNRESOLVED : before;
    }
    trials++;
    TrialResult result = oracle.test(List.copyOf(elements));
    exhausted = result == TrialResult.UNRESOLVED && budget.isSpent();
    if (result != TrialResult.UNRESOLVED) {
      known.put(Set.copyOf(elements), result);
    }
    return result;
  }

  private static <E> List<E> with(List<E> some, List<E> more) {
    var both = new ArrayList<>(some);
    both.addAll(more);
    return both;
  }

  private static <E> List<E> without(List<E> all, List<E> some) {
    var rest = new ArrayList<>(all);
    rest.removeAll(some);
    return rest;
  }
}
