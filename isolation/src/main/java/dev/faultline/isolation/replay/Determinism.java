package dev.faultline.isolation.replay;

/// Whether the same request fails again and again: Wald's sequential probability ratio test of 98 % against 50 %.
///
/// Both errors are 2 %. A fault that always shows is settled after 6 trials, one that shows every second time after about 4. Where two
/// trials pass the test knows already that the fault is not deterministic, but goes on to [#PASSES_ALONE] to tell a fault that is rare
/// from one that is gone. Trials without an answer are not counted, and end the test when there are too many.
///
/// Wald, "Sequential tests of statistical hypotheses", Annals of Mathematical Statistics 16 (1945).
public sealed interface Determinism {
  int RUNS_MAX = 12;
  int PASSES_ALONE = 5;
  int UNRESOLVED_MAX = 3;

  int failures();

  int runs();

  /// The observed rate of failure; 0 without a run.
  default double rate() {
    return runs() == 0 ? 0 : (double) failures() / runs();
  }

  /// Always, as far as can be told.
  record Deterministic(int failures, int runs) implements Determinism {}

  /// Now and then.
  record Flaky(int failures, int runs) implements Determinism {}

  /// Not once.
  record NotReproduced(int runs) implements Determinism {
    @Override
    public int failures() {
      return 0;
    }
  }

  /// Between always and now and then, or not enough trials.
  record Undecided(int failures, int runs) implements Determinism {}

  static <T> Determinism of(Oracle<T> oracle, T candidate) {
    int failures = 0;
    int runs = 0;
    int unresolved = 0;
    while (runs < RUNS_MAX && unresolved < UNRESOLVED_MAX) {
      switch (oracle.test(candidate)) {
        case FAIL -> {
          failures++;
          runs++;
        }
        case PASS -> runs++;
        case UNRESOLVED -> unresolved++;
      }
      var ratio = LikelihoodRatio.ofDeterminism(failures, runs - failures);
      if (ratio == LikelihoodRatio.HIGH) {
        return new Deterministic(failures, runs);
      }
      if (ratio == LikelihoodRatio.LOW && (failures > 0 || runs >= PASSES_ALONE)) {
        return failures > 0 ? new Flaky(failures, runs) : new NotReproduced(runs);
      }
    }
    return new Undecided(failures, runs);
  }
}
