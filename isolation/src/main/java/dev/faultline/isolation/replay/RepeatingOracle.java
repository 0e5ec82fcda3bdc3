package dev.faultline.isolation.replay;

/// An oracle that repeats each trial until its answer can be trusted, for faults that show only now and then.
///
/// A sequential test of `rate`, at which the fault shows where it is present, against [#STRAY_RATE], at which it shows by itself where
/// it is not. An answer that is still open after `runsMax` trials is [TrialResult#UNRESOLVED]. A trial without an answer ends it too.
public final class RepeatingOracle<T> implements Oracle<T> {
  /// How often an innocent candidate fails in the same way by accident.
  public static final double STRAY_RATE = 0.02;
  public static final int RUNS_MAX_DEFAULT = 12;
  private static final double RATE_MIN = 0.1;
  private static final double RATE_MAX = 0.98;

  private final Oracle<T> oracle;
  private final double rate;
  private final int runsMax;

  public RepeatingOracle(Oracle<T> oracle, double rate, int runsMax) {
    this.oracle = oracle;
    this.rate = Math.clamp(rate, RATE_MIN, RATE_MAX);
    this.runsMax = runsMax;
  }

  /// The same oracle where the fault is deterministic, one that repeats where it is not.
  public static <T> Oracle<T> asNeeded(Oracle<T> oracle, Determinism determinism) {
    return switch (determinism) {
      case Determinism.Deterministic _, Determinism.NotReproduced _ -> oracle;
      case Determinism.Flaky flaky -> new RepeatingOracle<>(oracle, flaky.rate(), RUNS_MAX_DEFAULT);
      case Determinism.Undecided undecided -> new RepeatingOracle<>(oracle, undecided.rate(), RUNS_MAX_DEFAULT);
    };
  }

  @Override
  public TrialResult test(T candidate) {
    int failures = 0;
    for (int run = 1; run <= runsMax; run++) {
      TrialResult result = oracle.test(candidate);
      if (result == TrialResult.UNRESOLVED) {
        return result;
      }
      failures += result == TrialResult.FAIL ? 1 : 0;
      switch (LikelihoodRatio.of(failures, run - failures, rate, STRAY_RATE)) {
        case HIGH -> {
          return TrialResult.FAIL;
        }
        case LOW -> {
          return TrialResult.PASS;
        }
        case OPEN -> {}
      }
    }
    return TrialResult.UNRESOLVED;
  }
}
