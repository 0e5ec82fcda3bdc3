package dev.faultline.isolation.bisect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultline.isolation.bisect.Bisected.State;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionBisectionTest {
  private static final long SEED = 5;

  private final Budget plenty = new Budget(100_000, 1_000_000, () -> 0);
  private final NoisyBisection bisection = new NoisyBisection(BisectionSettings.STANDARD, plenty);

  @ParameterizedTest
  @CsvSource({"2, 1", "3, 1", "3, 2", "16, 1", "16, 7", "16, 15", "100, 63"})
  void aDeterministicChangeIsFoundInAboutAsManyTrialsAsPlainBisection(int versions, int firstBad) {
    Bisected found = bisection.search(versions, at -> result(at >= firstBad));
    assertThat(found.state()).isEqualTo(State.FOUND);
    assertThat(found.firstBad()).isEqualTo(firstBad);
    assertThat(found.lastGood()).isEqualTo(firstBad - 1);
    assertThat(found.posterior()).isGreaterThanOrEqualTo(0.99);
    assertThat(found.trials()).isLessThanOrEqualTo(20 + (int) Math.ceil(Math.log(versions) / Math.log(2)));
  }

  /// Rates of failure on bad and good versions; the share of right answers, and the mean number of trials.
  @ParameterizedTest
  @CsvSource({"1.0, 0.0, 1.0, 13", "0.9, 0.0, 0.97, 17.5", "0.5, 0.0, 0.9, 41", "0.9, 0.05, 0.93, 23", "0.5, 0.05, 0.65, 57"})
  void trialsThatErrAreAveragedOut(double onBad, double onGood, double shareMin, double trialsMeanMax) {
    var random = new SplittableRandom(SEED);
    int repetitions = 200;
    int right = 0;
    int trials = 0;
    for (int i = 0; i < repetitions; i++) {
      int firstBad = random.nextInt(1, 16);
      Bisected found = bisection.search(16, at -> result(random.nextDouble() < (at >= firstBad ? onBad : onGood)));
      right += found.firstBad() == firstBad ? 1 : 0;
      trials += found.trials();
    }
    assertThat((double) right / repetitions).as("right, seed %d", SEED).isGreaterThanOrEqualTo(shareMin);
    assertThat((double) trials / repetitions).as("mean trials, seed %d", SEED).isLessThanOrEqualTo(trialsMeanMax);
  }

  /// As above, with what the replays of the last version told: rates, failures and runs known, the share of right answers, mean trials.
  @ParameterizedTest
  @CsvSource({"1.0, 0.0, 6, 6, 1.0, 8.5", "0.9, 0.0, 9, 10, 0.97, 12", "0.5, 0.0, 4, 8, 0.95, 30", "0.9, 0.05, 9, 10, 0.95, 17"})
  void whatIsKnownOfTheLastVersionSavesTrials(double onBad, double onGood, int failures, int runs, double shareMin, double trialsMeanMax) {
    var random = new SplittableRandom(SEED);
    int repetitions = 200;
    int right = 0;
    int trials = 0;
    for (int i = 0; i < repetitions; i++) {
      int firstBad = random.nextInt(1, 16);
      Bisected found = bisection.search(
          java.util.Collections.nCopies(16, 1.0), new Determinism.Flaky(failures, runs), at -> result(random.nextDouble() < (at >= firstBad ? onBad : onGood)));
      right += found.firstBad() == firstBad ? 1 : 0;
      trials += found.trials();
    }
    assertThat((double) right / repetitions).as("right, seed %d", SEED).isGreaterThanOrEqualTo(shareMin);
    assertThat((double) trials / repetitions).as("mean trials, seed %d", SEED).isLessThanOrEqualTo(trialsMeanMax);
  }

  @Test
  void aPriorSavesTrialsAndCannotHideAVersion() {
    var prior = new ArrayList<>(java.util.Collections.nCopies(64, 0.0));
    prior.set(40, 1.0);
    Bisected likely = bisection.search(prior, at -> result(at >= 40));
    Bisected unlikely = bisection.search(prior, at -> result(at >= 10));
    assertThat(likely.firstBad()).isEqualTo(40);
    assertThat(unlikely.firstBad()).isEqualTo(10);
    assertThat(likely.trials()).isLessThan(unlikely.trials());
  }

  @Test
  void whenEveryVersionFailsTheInputIsToBlame() {
    assertThat(bisection.search(16, _ -> TrialResult.FAIL).state()).isEqualTo(State.ALWAYS_BAD);
    assertThat(bisection.search(1, _ -> TrialResult.FAIL).state()).isEqualTo(State.ALWAYS_BAD);
  }

  @Test
  void whenNoVersionFailsNothingIsClaimed() {
    Bisected found = bisection.search(16, _ -> TrialResult.PASS);
    assertThat(found.state()).isEqualTo(State.NOT_REPRODUCED);
    assertThat(found.findFirstBad()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 8, 12})
  void aHistoryThatTurnsBadTwiceIsSaidToBeSo(int firstBad) {
    IntPredicate fails = at -> at >= firstBad && at != firstBad + 1;
    Bisected found = bisection.search(16, at -> result(fails.test(at)));
    assertThat(found.state()).isIn(State.NOT_MONOTONE, State.FOUND);
    assertThat(fails.test(found.firstBad()) && !fails.test(found.lastGood())).isTrue();
  }

  @Test
  void versionsThatCannotBeTriedAreSkipped() {
    Oracle<Integer> oracle = at -> at >= 5 && at <= 7 ? TrialResult.UNRESOLVED : result(at >= 11);
    Bisected found = bisection.search(16, oracle);
    assertThat(found.firstBad()).isEqualTo(11);
    Bisected within = bisection.search(16, at -> at >= 5 && at <= 7 ? TrialResult.UNRESOLVED : result(at >= 6));
    assertThat(within.state()).isEqualTo(State.FOUND);
    assertThat(within.lastGood()).isEqualTo(4);
    assertThat(within.firstBad()).as("the first that was seen to fail").isEqualTo(8);
    assertThat(within.posterior()).isGreaterThan(0.95);
    assertThat(within.trials()).isLessThan(16);
  }

  @Test
  void withoutAnyAnswerNothingIsClaimed() {
    assertThat(bisection.search(16, _ -> TrialResult.UNRESOLVED).state()).isEqualTo(State.UNDECIDED);
    assertThat(bisection.search(0, _ -> TrialResult.FAIL).state()).isEqualTo(State.UNDECIDED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aSpentBudgetEndsTheSearch(int replays) {
    var budget = new Budget(replays, 1_000_000, () -> 0);
    Bisected found = new NoisyBisection(BisectionSettings.STANDARD, budget)
        .search(64, at -> budget.tryTake() ? result(at >= 20) : TrialResult.UNRESOLVED);
    assertThat(found.state()).isIn(State.LIKELY, State.UNDECIDED);
    assertThat(budget.replays()).isEqualTo(replays);
  }

  @Test
  void severalFailingInputsTakeTurns() {
    var inputs = new HashSet<String>();
    Oracle<Probe<String, String>> oracle = probe -> {
      inputs.add(probe.input());
      return result(probe.version().compareTo("v5") >= 0);
    };
    List<String> versions = IntStream.range(0, 9).mapToObj(i -> "v" + i).toList();
    Bisected found = new VersionBisection<>(oracle, BisectionSettings.STANDARD, plenty).search(versions, List.of("a", "b", "c"));
    assertThat(versions.get(found.firstBad())).isEqualTo("v5");
    assertThat(inputs).containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void aSearchWithoutInputsIsRefused() {
    var search = new VersionBisection<String, String>(_ -> TrialResult.PASS, BisectionSettings.STANDARD, plenty);
    assertThatIllegalArgumentException().isThrownBy(() -> search.search(List.of("v1"), List.of())).withMessageContaining("0 failing inputs");
  }

  private static TrialResult result(boolean fails) {
    return fails ? TrialResult.FAIL : TrialResult.PASS;
  }
}
