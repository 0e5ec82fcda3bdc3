package dev.faultline.isolation.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeterminismTest {
  private static final long SEED = 3;

  @Test
  void aFaultThatAlwaysShowsIsDeterministicAfterSixTrials() {
    assertThat(Determinism.of(_ -> TrialResult.FAIL, "request")).isEqualTo(new Determinism.Deterministic(6, 6));
  }

  @Test
  void aFaultThatNeverShowsIsNotReproducedAfterFiveTrials() {
    assertThat(Determinism.of(_ -> TrialResult.PASS, "request")).isEqualTo(new Determinism.NotReproduced(5));
  }

  @Test
  void trialsWithoutAnAnswerEndTheTest() {
    var runs = new AtomicInteger();
    Determinism found = Determinism.of(_ -> {
      runs.incrementAndGet();
      return TrialResult.UNRESOLVED;
    }, "request");
    assertThat(found).isEqualTo(new Determinism.Undecided(0, 0));
    assertThat(runs).hasValue(Determinism.UNRESOLVED_MAX);
  }

  /// The rate at which the fault shows, the least share of the answer that fits, and the mean number of trials.
  @ParameterizedTest
  @CsvSource({"1.0, Deterministic, 1.0, 6.0", "0.98, Deterministic, 0.95, 7.0", "0.5, Flaky, 0.9, 5.5", "0.3, Flaky, 0.75, 4.5", "0.0, NotReproduced, 1.0, 5.0"})
  void theRateIsTold(double rate, String kind, double shareMin, double runsMeanMax) {
    var random = new SplittableRandom(SEED);
    int repetitions = 2_000;
    int right = 0;
    int runs = 0;
    for (int i = 0; i < repetitions; i++) {
      Determinism found = Determinism.of(_ -> random.nextDouble() < rate ? TrialResult.FAIL : TrialResult.PASS, "request");
      right += found.getClass().getSimpleName().equals(kind) ? 1 : 0;
      runs += found.runs();
    }
    assertThat((double) right / repetitions).as("seed %d", SEED).isGreaterThanOrEqualTo(shareMin);
    assertThat((double) runs / repetitions).as("seed %d", SEED).isLessThanOrEqualTo(runsMeanMax);
  }

  @Test
  void aRepeatingOracleIsUsedOnlyWhereItIsNeeded() {
    Oracle<String> oracle = _ -> TrialResult.FAIL;
    assertThat(RepeatingOracle.asNeeded(oracle, new Determinism.Deterministic(6, 6))).isSameAs(oracle);
    assertThat(RepeatingOracle.asNeeded(oracle, new Determinism.Flaky(3, 6))).isInstanceOf(RepeatingOracle.class);
  }

  @ParameterizedTest
  @CsvSource({"0.9", "0.5", "0.3"})
  void aRepeatingOracleErrsSeldom(double rate) {
    var random = new SplittableRandom(SEED);
    var present = new RepeatingOracle<String>(_ -> random.nextDouble() < rate ? TrialResult.FAIL : TrialResult.PASS, rate, 30);
    var absent = new RepeatingOracle<String>(_ -> random.nextDouble() < 0.01 ? TrialResult.FAIL : TrialResult.PASS, rate, 30);
    int missed = 0;
    int invented = 0;
    for (int i = 0; i < 1_000; i++) {
      missed += present.test("request") == TrialResult.FAIL ? 0 : 1;
      invented += absent.test("request") == TrialResult.FAIL ? 1 : 0;
    }
    assertThat(missed).as("of 1000, seed %d", SEED).isLessThanOrEqualTo(60);
    assertThat(invented).as("of 1000, seed %d", SEED).isLessThanOrEqualTo(30);
  }
}
