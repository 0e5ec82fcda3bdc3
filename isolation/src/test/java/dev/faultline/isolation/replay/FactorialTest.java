package dev.faultline.isolation.replay;

import static dev.faultline.isolation.replay.TrialResult.FAIL;
import static dev.faultline.isolation.replay.TrialResult.PASS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.isolation.finding.Cause;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FactorialTest {

  @ParameterizedTest
  @CsvSource({
    "PASS, FAIL, INPUT", "PASS, PASS, INTERACTION", "FAIL, PASS, MODEL", "FAIL, FAIL, ENVIRONMENT",
  })
  void aFaultThatShowsAloneIsOfTheInputTheVersionOrBoth(TrialResult passingInput, TrialResult lastGood, Cause cause) {
    assertThat(new Factorial(Map.of(Cell.ALONE, FAIL, Cell.PASSING_INPUT, passingInput, Cell.LAST_GOOD_VERSION, lastGood)).cause()).isEqualTo(cause);
  }

  @ParameterizedTest
  @CsvSource({
    "ORIGINAL_BATCH, BATCH_INTERACTION", "ORIGINAL_REPLICA, REPLICA", "ORIGINAL_LIMITS, RESOURCE", "CONCURRENT, CONCURRENCY",
    "AFTER_EARLIER_REQUESTS, STATE",
  })
  void aFaultThatShowsInOneContextOnlyIsOfThatContext(Cell cell, Cause cause) {
    assertThat(new Factorial(Map.of(Cell.ALONE, PASS, cell, FAIL)).cause()).isEqualTo(cause);
  }

  @Test
  void aFaultThatGoesWithARecordedAnswerIsOfTheServiceItCameFrom() {
    assertThat(new Factorial(Map.of(Cell.ALONE, FAIL, Cell.UPSTREAM_STUBBED, PASS)).cause()).isEqualTo(Cause.UPSTREAM);
  }

  @ParameterizedTest
  @EnumSource(TrialResult.class)
  void withoutFurtherCellsNothingIsClaimed(TrialResult alone) {
    assertThat(new Factorial(Map.of(Cell.ALONE, alone)).cause()).isEqualTo(Cause.UNKNOWN);
  }

  @Test
  void anInputThatPassesElsewhereOnTheSameVersionIsTheInputWithoutAnOlderVersion() {
    assertThat(new Factorial(Map.of(Cell.ALONE, FAIL, Cell.PASSING_INPUT, PASS)).cause()).isEqualTo(Cause.INPUT);
  }

  @Test
  void askingForTheNextCellEndsInACauseOrInNone() {
    var cells = new EnumMap<Cell, TrialResult>(Cell.class);
    var factorial = new Factorial(cells);
    for (int asked = 0; factorial.next().isPresent(); asked++) {
      assertThat(asked).isLessThan(Cell.values().length);
      cells.put(factorial.next().get(), PASS);
      factorial = new Factorial(cells);
    }
    assertThat(factorial.cause()).isEqualTo(Cause.UNKNOWN);
    assertThat(factorial.ruledOut()).contains(Cause.BATCH_INTERACTION, Cause.REPLICA, Cause.RESOURCE, Cause.CONCURRENCY, Cause.STATE);
  }

  @Test
  void whatTheCellsSpeakAgainstIsRuledOut() {
    var factorial = new Factorial(Map.of(Cell.ALONE, FAIL, Cell.PASSING_INPUT, PASS, Cell.LAST_GOOD_VERSION, PASS));
    assertThat(factorial.ruledOut()).contains(Cause.MODEL, Cause.INPUT, Cause.CONCURRENCY).doesNotContain(Cause.INTERACTION);
  }
}
