package dev.faultline.isolation.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.isolation.reduce.Reduction.State;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.RememberingOracle;
import dev.faultline.isolation.replay.RepeatingOracle;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrefixBisectionTest {
  private static final long SEED = 7;

  private final Budget plenty = new Budget(100_000, 1_000_000, () -> 0);
  private int trials;

  @Test
  void theOneGuiltyElementIsFoundInLogarithmicallyManyTrials() {
    Reduction<Integer> reduction = reduce(numbers(1_000), set -> set.contains(617));
    assertThat(reduction.kept()).containsExactly(617);
    assertThat(reduction.state()).isEqualTo(State.MINIMAL);
    assertThat(reduction.necessary()).isTrue();
    assertThat(reduction.trials()).isLessThanOrEqualTo(20);
  }

  @Test
  void anElementThatAttributionPutFirstCostsOneTrial() {
    Reduction<Integer> reduction = reduce(numbers(1_000), set -> set.contains(1));
    assertThat(reduction.kept()).containsExactly(1);
    // the baseline, all elements, elements 0 and 1, all but element 1
    assertThat(reduction.trials()).isEqualTo(5);
  }

  /// The mean over random places of the causes; the baseline, the whole and the necessity are three trials on top of isolation.md's.
  @ParameterizedTest
  @CsvSource({"20, 1, 11", "20, 2, 19", "50, 2, 22", "200, 3, 36", "1000, 3, 43"})
  void aFewCausesAreFoundWithFewTrials(int size, int causes, double meanMax) {
    var random = new SplittableRandom(SEED);
    int repetitions = 50;
    int total = 0;
    for (int i = 0; i < repetitions; i++) {
      Set<Integer> guilty = chosen(size, causes, random);
      Reduction<Integer> reduction = reduce(numbers(size), set -> set.containsAll(guilty));
      assertThat(reduction.kept()).as("seed %d, repetition %d", SEED, i).containsExactlyInAnyOrderElementsOf(guilty);
      total += reduction.trials();
    }
    assertThat((double) total / repetitions).as("mean trials, seed %d", SEED).isLessThanOrEqualTo(meanMax);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void anOracleThatIsNotMonotoneStillGivesAFailingSetOfWhichNothingCanBeLeftOut(int seed) {
    var random = new SplittableRandom(seed);
    List<Integer> five = List.copyOf(chosen(200, 5, random));
    assertMinimal(set -> five.stream().filter(set::contains).count() >= 3);
    assertMinimal(set -> set.contains(five.get(0)) || (set.contains(five.get(1)) && set.contains(five.get(2))));
    assertMinimal(set -> set.contains(five.get(0)) && (set.contains(five.get(1)) == set.contains(five.get(2))));
  }

  private void assertMinimal(Predicate<Set<Integer>> fails) {
    Reduction<Integer> reduction = reduce(numbers(200), fails);
    if (reduction.state() == State.NOT_REPRODUCED) {
      assertThat(fails.test(Set.copyOf(numbers(200)))).isFalse();
      return;
    }
    assertThat(reduction.state()).isEqualTo(State.MINIMAL);
    var kept = Set.copyOf(reduction.kept());
    assertThat(fails.test(kept)).isTrue();
    for (Integer each : kept) {
      var fewer = new HashSet<>(kept);
      fewer.remove(each);
      assertThat(fails.test(fewer)).as("without %s of %s", each, kept).isFalse();
    }
  }

  @Test
  void aSecondCauseIsFoundWhenTheFirstIsNotNecessary() {
    Reduction<Integer> reduction = reduce(numbers(50), set -> set.contains(7) || set.contains(40));
    assertThat(reduction.causes()).containsExactlyInAnyOrder(List.of(7), List.of(40));
    assertThat(reduction.necessary()).isTrue();
  }

  @Test
  void aBaselineThatFailsIsSaid() {
    Reduction<Integer> reduction = reduce(numbers(10), _ -> true);
    assertThat(reduction.state()).isEqualTo(State.BASELINE_FAILS);
    assertThat(reduction.kept()).isEmpty();
  }

  @Test
  void aFaultThatDoesNotShowIsSaid() {
    assertThat(reduce(numbers(10), _ -> false).state()).isEqualTo(State.NOT_REPRODUCED);
    assertThat(reduce(List.of(), _ -> false).state()).isEqualTo(State.NOT_REPRODUCED);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 8, 12})
  void aSpentBudgetLeavesWhatIsKnownToFail(int replays) {
    var budget = new Budget(replays, 1_000_000, () -> 0);
    Set<Integer> guilty = Set.of(150, 77);
    Oracle<List<Integer>> oracle = limited(budget, set -> set.containsAll(guilty));
    Reduction<Integer> reduction = new PrefixBisection<>(oracle, budget).reduce(numbers(200));
    assertThat(reduction.state()).isEqualTo(State.PARTIAL);
    assertThat(reduction.necessary()).isFalse();
    assertThat(budget.replays()).isEqualTo(replays);
    assertThat(reduction.kept().isEmpty() || reduction.kept().containsAll(guilty)).isTrue();
    assertThat(reduction.kept().isEmpty()).isEqualTo(replays < 3);
  }

  @Test
  void tensorsAreReducedToTheirSlices() {
    Oracle<List<Span>> oracle = spans -> result(spans.stream().anyMatch(span -> span.contains(613)) && spans.stream().anyMatch(span -> span.contains(90)));
    Reduction<Span> reduction = new PrefixBisection<>(oracle, plenty).reduce(List.of(Span.of(1_000)), Span::halves);
    assertThat(reduction.kept()).containsExactlyInAnyOrder(new Span(90, 91), new Span(613, 614));
    assertThat(reduction.state()).isEqualTo(State.MINIMAL);
    assertThat(reduction.trials()).isLessThan(120);
  }

  @Test
  void aRepeatingOracleReducesAFlakyFault() {
    var random = new SplittableRandom(SEED);
    Oracle<List<Integer>> flaky = set -> result(set.contains(33) && random.nextDouble() < 0.6);
    int right = 0;
    for (int i = 0; i < 50; i++) {
      var repeating = new RepeatingOracle<>(flaky, 0.6, 30);
      right += new PrefixBisection<>(repeating, plenty).reduce(numbers(64)).kept().equals(List.of(33)) ? 1 : 0;
    }
    assertThat(right).as("of 50, seed %d", SEED).isGreaterThanOrEqualTo(40);
  }

  @Test
  void whatIsRememberedIsNotRunAgain() {
    var oracle = new RememberingOracle<List<Integer>>(set -> {
      trials++;
      return result(set.contains(3));
    });
    oracle.learn(numbers(8), TrialResult.FAIL);
    oracle.learn(List.of(), TrialResult.PASS);
    Reduction<Integer> reduction = new PrefixBisection<>(oracle, plenty).reduce(numbers(8));
    assertThat(reduction.kept()).containsExactly(3);
    assertThat(trials).isEqualTo(reduction.trials() - 2);
  }

  private Reduction<Integer> reduce(List<Integer> elements, Predicate<Set<Integer>> fails) {
    return new PrefixBisection<Integer>(set -> result(fails.test(Set.copyOf(set))), plenty).reduce(elements);
  }

  private static Oracle<List<Integer>> limited(Budget budget, Predicate<Set<Integer>> fails) {
    return set -> budget.tryTake() ? result(fails.test(Set.copyOf(set))) : TrialResult.UNRESOLVED;
  }

  private static TrialResult result(boolean fails) {
    return fails ? TrialResult.FAIL : TrialResult.PASS;
  }

  private static List<Integer> numbers(int size) {
    return IntStream.range(0, size).boxed().toList();
  }

  private static Set<Integer> chosen(int size, int count, RandomGenerator random) {
    var all = new ArrayList<>(numbers(size));
    Collections.shuffle(all, java.util.Random.from(random));
    return Set.copyOf(all.subList(0, count));
  }
}
