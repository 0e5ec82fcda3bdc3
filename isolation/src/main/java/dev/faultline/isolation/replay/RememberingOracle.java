package dev.faultline.isolation.replay;

import java.util.HashMap;
import java.util.Map;

/// An oracle that runs equal candidates once. Candidates must have `equals`; for one thread.
///
/// What could not be answered is not remembered. Beyond [#ANSWERS_MAX] answers nothing new is remembered: no budget reaches that.
public final class RememberingOracle<T> implements Oracle<T> {
  public static final int ANSWERS_MAX = 10_000;

  private final Oracle<T> oracle;
  private final Map<T, TrialResult> answers = new HashMap<>();

  public RememberingOracle(Oracle<T> oracle) {
    this.oracle = oracle;
  }

  @Override
  public TrialResult test(T candidate) {
    TrialResult known = answers.get(candidate);
    if (known != null) {
      return known;
    }
    TrialResult result = oracle.test(candidate);
    learn(candidate, result);
    return result;
  }

  /// Takes in an answer that is known from elsewhere.
  public void learn(T candidate, TrialResult result) {
    if (result != TrialResult.UNRESOLVED && answers.size() < ANSWERS_MAX) {
      answers.put(candidate, result);
    }
  }
}
