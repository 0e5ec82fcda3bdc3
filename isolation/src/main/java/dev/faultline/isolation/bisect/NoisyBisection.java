package dev.faultline.isolation.bisect;

import dev.faultline.isolation.bisect.Bisected.State;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Bisection with trials that may err, by Bayes' rule: after each trial the next one is where it tells most.
///
/// Plain bisection is wrong as soon as a bad version passes once, and repeating until it fails is wrong as soon as a good version fails
/// once. Here each trial shifts probabilities, and the search ends when one position holds enough of them. Positions that cannot be
/// tried are left out, as `git bisect skip` does: what is found is then the first one after them that is bad. In the end the surroundings are tried, because a history may turn bad, good and bad.
///
/// Horstein, "Sequential transmission using noiseless feedback" (1963); Burnashev and Zigangirov (1974); for culprits in continuous
/// integration: Henderson and others, "Flake aware culprit finding" (2023).
public final class NoisyBisection {
  private static final int UNRESOLVED_MAX = 2;
  private static final double CONTRADICTION = 0.01;
  private static final int CONTRADICTIONS_MAX = 4;
  private static final double ENDED = 0.95;

  private final BisectionSettings settings;
  private final Budget budget;

  public NoisyBisection(BisectionSettings settings, Budget budget) {
    this.settings = settings;
    this.budget = budget;
  }

  /// Searches positions 0 to `positions - 1`, all equally likely. The oracle fails on bad ones.
  public Bisected search(int positions, Oracle<Integer> oracle) {
    return search(Collections.nCopies(positions, 1.0), oracle);
  }

  /// Searches with a prior: how likely each position is to be the first bad one, in any unit.
  public Bisected search(List<Double> prior, Oracle<Integer> oracle) {
    return search(prior, new Determinism.Undecided(0, 0), oracle);
  }

  /// Searches with a prior and with what is known of the last position already, which saves about half of the trials.
  public Bisected search(List<Double> prior, Determinism last, Oracle<Integer> oracle) {
    if (prior.isEmpty()) {
      return new Bisected(State.UNDECIDED, -1, -1, 0, List.of(), 0);
    }
    return new Search(mixed(prior), oracle).run(last);
  }

  private List<Double> mixed(List<Double> prior) {
    double sum = prior.stream().mapToDouble(weight -> Math.max(0, weight)).sum();
    double uniform = 1.0 / prior.size();
    double share = sum > 0 ? settings.uniformShare() : 1;
    return prior.stream().map(weight -> share * uniform + (1 - share) * (sum > 0 ? Math.max(0, weight) / sum : 0)).toList();
  }

  private final class Search {
    private final Oracle<Integer> oracle;
    private final ChangePosterior posterior;
    private final int[] unresolved;
    private final boolean[] tried;
    private int trials;
    private int answers;

    Search(List<Double> prior, Oracle<Integer> oracle) {
      this.oracle = oracle;
      this.posterior = new ChangePosterior(prior);
      this.unresolved = new int[prior.size()];
      this.tried = new boolean[prior.size()];
    }

    Bisected run(Determinism last) {
      begin(last);
      while (!isSettled() && mayGoOn()) {
        int next = next();
        if (next < 0) {
          return end(State.LIKELY);
        }
        test(next);
      }
      return end(isSettled() ? State.FOUND : State.LIKELY);
    }

    private void begin(Determinism last) {
      int end = unresolved.length - 1;
      for (int run = 0; run < last.runs(); run++) {
        learn(end, run < last.failures());
      }
      if (last.runs() == 0) {
        test(end);
      }
      if (end > 0 || last.runs() > 0) {
        test(0);
      }
    }

    private boolean mayGoOn() {
      return trials < settings.trialsMax() && !budget.isSpent();
    }

    private boolean isSettled() {
      return Math.max(posterior.ofNone(), probability(first())) >= settings.posterior();
    }

    /// The likeliest first bad position that gave an answer: between two that can be tried and are told apart, those that cannot be tried
    /// are not.
    private int first() {
      int likeliest = posterior.likeliest();
      return IntStream.range(likeliest, tried.length).filter(position -> !isSkipped(position)).findFirst().orElse(likeliest);
    }

    private boolean isSkipped(int position) {
      return !tried[position] && unresolved[position] >= UNRESOLVED_MAX;
    }

    /// The position before `first`, and before those that cannot be tried.
    private int before(int first) {
      return IntStream.iterate(first - 1, position -> position >= 0, position -> position - 1).filter(position -> !isSkipped(position)).findFirst().orElse(-1);
    }

    /// That it turns bad after the last good position and at `first` at the latest.
    private double probability(int first) {
      return IntStream.rangeClosed(before(first) + 1, first).mapToDouble(posterior::of).sum();
    }

    /// Where good and bad are as nearly even as can be; -1 when nothing can be tried any more.
    private int next() {
      return IntStream.range(0, unresolved.length)
          .filter(position -> unresolved[position] < UNRESOLVED_MAX)
          .boxed()
          .min((a, b) -> Double.compare(Math.abs(posterior.badAt(a) - 0.5), Math.abs(posterior.badAt(b) - 0.5)))
          .orElse(-1);
    }

    private void test(int position) {
      trials++;
      TrialResult result = oracle.test(position);
      if (result == TrialResult.UNRESOLVED) {
        unresolved[position]++;
      } else {
        learn(position, result == TrialResult.FAIL);
      }
    }

    private void learn(int position, boolean failed) {
      answers++;
      tried[position] = true;
      posterior.learn(position, failed);
    }

    private Bisected end(State settled) {
      int first = first();
      if (answers == 0) {
        return bisected(State.UNDECIDED, -1);
      }
      if (posterior.ofNone() >= 0.5) {
        return bisected(posterior.ofNone() >= ENDED ? State.NOT_REPRODUCED : State.UNDECIDED, -1);
      }
      if (before(first) < 0) {
        return bisected(probability(first) >= ENDED ? State.ALWAYS_BAD : State.UNDECIDED, first);
      }
      return bisected(settled == State.FOUND && isContradicted(first) ? State.NOT_MONOTONE : settled, first);
    }

    private Bisected bisected(State state, int first) {
      int lastGood = first > 0 ? before(first) : -1;
      double probability = first >= 0 ? probability(first) : posterior.ofNone();
      return new Bisected(state, lastGood, first, probability, posterior.toList(), trials);
    }

    /// Tries the nearest position on each side that was not tried yet.
    private boolean isContradicted(int first) {
      int after = IntStream.range(first + 1, tried.length).filter(position -> !tried[position]).findFirst().orElse(-1);
      int before = IntStream.iterate(first - 1, position -> position >= 0, position -> position - 1).filter(position -> !tried[position]).findFirst().orElse(-1);
      return contradicts(after, first) || contradicts(before, first);
    }

    /// As often as it takes to rule out that the contradiction is an accident.
    private boolean contradicts(int position, int first) {
      if (position < 0) {
        return false;
      }
      double chance = 1;
      double surprise = posterior.surprise(position, first);
      for (int i = 0; i < CONTRADICTIONS_MAX && chance > CONTRADICTION && mayGoOn(); i++) {
        trials++;
        TrialResult result = oracle.test(position);
        if (result == TrialResult.UNRESOLVED || (result == TrialResult.FAIL) == (position >= first)) {
          return false;
        }
        chance *= surprise;
      }
      return chance <= CONTRADICTION;
    }
  }
}
