package dev.faultline.isolation.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Boundary.State;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.tensor.DataType;
import java.util.SplittableRandom;
import java.util.function.DoublePredicate;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BoundarySearchTest {
  private static final long SEED = 11;

  private final BoundarySearch search = new BoundarySearch(new Budget(100_000, 1_000_000, () -> 0));

  @ParameterizedTest
  @CsvSource({"17, 312, 249", "5, 9000000000000000000, 2147483648", "0, 5000000000, 2147483648", "1, 2, 2", "-100, 100, 0", "10, 100000, 4097", "3, 999, 4"})
  void theBoundaryOfIntegersIsExact(long passing, long failing, long boundary) {
    Boundary found = whole(passing, failing, value -> value >= boundary);
    assertThat(found.limits()).containsExactly(new Limit(Operator.AT_LEAST, Reading.of(boundary), Reading.of(boundary - 1)));
    assertThat(found.state()).isEqualTo(State.EXACT);
  }

  @Test
  void theEndOfATypeCostsFewTrials() {
    assertThat(whole(5, Long.MAX_VALUE, value -> value > Integer.MAX_VALUE).trials()).isLessThanOrEqualTo(14);
    assertThat(whole(17, 312, value -> value >= 249).trials()).isLessThanOrEqualTo(14);
  }

  @Test
  void aBoundaryAtARoundNumberCostsFewTrials() {
    assertThat(real(25, 60_000, value -> value > 500).trials()).isLessThanOrEqualTo(16);
    assertThat(real(25, 60_000, value -> value > 500).toString()).isEqualTo("> 500.0");
    assertThat(real(3, -999, value -> value < 0).trials()).isLessThanOrEqualTo(8);
    assertThat(real(3, -999, value -> value < 0).toString()).isEqualTo("< 0.0");
  }

  @Test
  void aBoundaryBelowIsFoundToo() {
    Boundary found = whole(40, -3, value -> value <= -1);
    assertThat(found.limits()).containsExactly(new Limit(Operator.AT_MOST, Reading.of(-1L), Reading.of(0L)));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, 999, 65536})
  void aSingleValueThatFailsIsAnEquality(long alone) {
    Boundary found = whole(5, alone, value -> value == alone);
    assertThat(found.limits()).extracting(Limit::operator, Limit::value).containsExactly(org.assertj.core.groups.Tuple.tuple(Operator.EQUAL, Reading.of(alone)));
    assertThat(found.state()).isEqualTo(State.EXACT);
  }

  @Test
  void aRangeThatFailsHasTwoLimits() {
    Boundary found = whole(5, 150, value -> value >= 100 && value <= 199);
    assertThat(found.toString()).isEqualTo(">= 100 and <= 199");
  }

  @Test
  void theValuesOfAnIntegerTypeAreNotLeft() {
    var tried = new java.util.TreeSet<Long>();
    search.whole(value -> {
      tried.add(value);
      return result(value >= 100);
    }, 3, 120, Byte.MIN_VALUE, Byte.MAX_VALUE);
    assertThat(tried).allMatch(value -> value >= Byte.MIN_VALUE && value <= Byte.MAX_VALUE);
  }

  @Test
  void anExceptionOnTheFailingSideIsSaid() {
    Boundary found = whole(0, 1_000, value -> value >= 100 && (value < 400 || value > 700));
    assertThat(found.state()).isEqualTo(State.NOT_MONOTONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void aSpentBudgetGivesLimitsThatHold(int replays) {
    var budget = new Budget(replays, 1_000_000, () -> 0);
    Boundary found = new BoundarySearch(budget).whole(value -> budget.tryTake() ? result(value >= 249) : TrialResult.UNRESOLVED, 17, 312);
    assertThat(found.state()).isEqualTo(State.PARTIAL);
    Limit limit = found.limits().getFirst();
    assertThat(((Reading.Whole) limit.value()).value()).isGreaterThanOrEqualTo(249);
    assertThat(((Reading.Whole) limit.passing()).value()).isLessThan(249);
    assertThat(budget.replays()).isEqualTo(replays);
  }

  @Test
  void aBoundaryOfFloatingPointValuesIsTheRoundNumberThatItIs() {
    assertThat(real(20, 5_000, value -> value >= 100).toString()).isEqualTo(">= 100.0");
    assertThat(real(20, 5_000, value -> value > 100).toString()).isEqualTo("> 100.0");
    assertThat(real(1, -70, value -> value < 0).toString()).isEqualTo("< 0.0");
    assertThat(real(1, -70, value -> value <= 0).toString()).isEqualTo("<= 0.0");
    assertThat(real(1, 1e300, value -> value > 65504).toString()).isEqualTo("> 65504.0");
    assertThat(real(1, Double.POSITIVE_INFINITY, value -> value > 88.7228).toString()).startsWith(">").contains("88.7");
  }

  @Test
  void aSingleFloatingPointValueIsAnEquality() {
    assertThat(real(3, 0, value -> value == 0).toString()).isEqualTo("= 0.0");
    assertThat(real(3, -999, value -> value == -999).toString()).isEqualTo("= -999.0");
  }

  @Test
  void randomBoundariesAreWithinTheAskedWidth() {
    var random = new SplittableRandom(SEED);
    for (int i = 0; i < 200; i++) {
      double boundary = Math.exp(random.nextDouble(-20, 20)) * (random.nextBoolean() ? 1 : -1);
      Boundary found = real(boundary - Math.abs(boundary) * random.nextDouble(0.1, 100), boundary + random.nextDouble(1e3), value -> value >= boundary);
      double limit = ((Reading.Real) found.limits().getFirst().value()).value();
      assertThat(Math.abs(limit - boundary)).as("seed %d: %s for %s", SEED, found, boundary).isLessThanOrEqualTo(2e-3 * Math.abs(boundary));
      assertThat(found.trials()).isLessThanOrEqualTo(40);
    }
  }

  @Test
  void whatIsNoNumberIsItsOwnCondition() {
    assertThat(search.of(_ -> TrialResult.FAIL, Reading.of(1.5), Reading.of(Double.NaN)).toString()).isEqualTo("= NaN");
    assertThat(search.of(_ -> TrialResult.FAIL, Reading.of(1.5), Reading.NULL).toString()).isEqualTo("= null");
    assertThat(search.of(_ -> TrialResult.FAIL, Reading.of("a"), Reading.MISSING).toString()).isEqualTo("is missing");
    assertThat(search.of(_ -> TrialResult.FAIL, Reading.of("a"), Reading.of("")).toString()).isEqualTo("= ''");
  }

  @Test
  void readingsOfNumbersAreSearched() {
    assertThat(search.of(reading -> result(((Reading.Whole) reading).value() >= 249), Reading.of(17L), Reading.of(312L)).toString()).isEqualTo(">= 249");
    assertThat(search.of(reading -> result(((Reading.Real) reading).value() >= 2.5), Reading.of(1L), Reading.of(3.5)).toString()).isEqualTo(">= 2.5");
  }

  @Test
  void neighboursAreThoseOfTheDataType() {
    // a value beside 17 that only a double can hold is 17 to a float
    Oracle<Reading> at17 = reading -> result((float) ((Reading.Real) reading).value() == 17f);
    assertThat(search.of(at17, Reading.of(3.5), Reading.of(17.0), DataType.FP32).toString()).isEqualTo("= 17.0");
    // 0 and what is below it fail, but for -0
    Oracle<Reading> notPositive = reading -> {
      float value = (float) ((Reading.Real) reading).value();
      return result(value < 0 || Float.floatToRawIntBits(value) == 0);
    };
    assertThat(search.of(notPositive, Reading.of(19_302.5), Reading.of(0.0), DataType.FP32).toString()).isEqualTo("<= 0.0");
  }

  @ParameterizedTest
  @CsvSource({"INT8, -128, 127", "INT32, -2147483648, 2147483647", "UINT16, 0, 65535", "UINT32, 0, 4294967295", "INT64, -9223372036854775808, 9223372036854775807"})
  void theEndsOfADataTypeAreNotLeft(DataType type, long least, long greatest) {
    var tried = new java.util.TreeSet<Long>();
    Oracle<Reading> oracle = reading -> {
      tried.add(((Reading.Whole) reading).value());
      return result(((Reading.Whole) reading).value() >= 50);
    };
    assertThat(search.of(oracle, Reading.of(3L), Reading.of(120L), type).toString()).isEqualTo(">= 50");
    assertThat(tried.first()).isGreaterThanOrEqualTo(least);
    assertThat(tried.last()).isEqualTo(greatest);
  }

  @Test
  void oneValueIsNoSearch() {
    assertThatIllegalArgumentException().isThrownBy(() -> whole(3, 3, _ -> true)).withMessageContaining("both 3");
  }

  private Boundary whole(long passing, long failing, LongPredicate fails) {
    return search.whole(value -> result(fails.test(value)), passing, failing);
  }

  private Boundary real(double passing, double failing, DoublePredicate fails) {
    return search.real(value -> result(fails.test(value)), passing, failing);
  }

  private static TrialResult result(boolean fails) {
    return fails ? TrialResult.FAIL : TrialResult.PASS;
  }
}
