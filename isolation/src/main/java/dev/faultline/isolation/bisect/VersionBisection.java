package dev.faultline.isolation.bisect;

import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.Oracle;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// Finds the first bad of an ordered list of versions, oldest first, by trials with several failing inputs in turn.
///
/// Several, so that what is found is the fault and not the peculiarity of one record. What changed beside the model, such as a step or
/// the runtime, may stand in the list as a version of its own.
public final class VersionBisection<V, I> {
  private final NoisyBisection bisection;
  private final Oracle<Probe<V, I>> oracle;

  public VersionBisection(Oracle<Probe<V, I>> oracle, BisectionSettings settings, Budget budget) {
    this.bisection = new NoisyBisection(settings, budget);
    this.oracle = oracle;
  }

  public Bisected search(List<V> versions, List<I> inputs) {
    return search(versions, inputs, Collections.nCopies(versions.size(), 1.0));
  }

  /// With a prior: how likely each version is to be the first bad one, such as its share of the failures.
  public Bisected search(List<V> versions, List<I> inputs, List<Double> prior) {
    return search(versions, inputs, prior, new Determinism.Undecided(0, 0));
  }

  /// With a prior, and with what replays of the last version have told already.
  public Bisected search(List<V> versions, List<I> inputs, List<Double> prior, Determinism last) {
    if (inputs.isEmpty() || prior.size() != versions.size()) {
      throw new IllegalArgumentException(
          inputs.size() + " failing inputs, " + versions.size() + " versions and a prior for " + prior.size()
              + " (expected: an input, and as many priors as versions)");
    }
    var turn = new AtomicInteger();
    return bisection.search(prior, last, at -> oracle.test(new Probe<>(versions.get(at), inputs.get(turn.getAndIncrement() % inputs.size()))));
  }
}
