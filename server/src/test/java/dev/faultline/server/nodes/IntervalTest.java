package dev.faultline.server.nodes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {

  @Test
  void sixValuesAreTheFewestForNinetyFivePercent() {
    assertThat(Interval.valuesMin(.05)).isEqualTo(6);
    assertThat(Interval.of(List.of(1.0, 2.0, 3.0, 4.0, 5.0), .05)).isEmpty();
    assertThat(Interval.of(List.of(6.0, 2.0, 3.0, 4.0, 5.0, 1.0), .05)).contains(new Interval(3.5, 1, 6));
  }

  /// P(Binomial(20, 1/2) < 6) is 0.0207, and with one more 0.0577.
  @Test
  void theBoundsAreTheOrderStatisticsOfTheSignTest() {
    var values = new ArrayList<Double>();
    for (int i = 1; i <= 20; i++) {
      values.add((double) i);
    }
    Collections.shuffle(values, new Random(1));
    Interval found = Interval.of(values, .05).orElseThrow();
    assertThat(found.low()).isEqualTo(6);
    assertThat(found.high()).isEqualTo(15);
  }

  @Test
  void theTrueMedianLiesOutsideAsSeldomAsIsSaid() {
    long seed = 42;
    var random = new Random(seed);
    int outside = 0;
    int trials = 4_000;
    for (int trial = 0; trial < trials; trial++) {
      var values = new ArrayList<Double>();
      for (int i = 0; i < 25; i++) {
        // skewed, as times are: its median is 1
        values.add(Math.exp(random.nextGaussian()));
      }
      Interval found = Interval.of(values, .05).orElseThrow();
      outside += found.low() > 1 || found.high() < 1 ? 1 : 0;
    }
    assertThat((double) outside / trials).as("seed %d", seed).isLessThan(.06).isCloseTo(.0433, within(.015));
  }

  @Test
  void nothingHasNoInterval() {
    assertThat(Interval.of(List.of(), .05)).isEqualTo(Optional.empty());
    assertThat(Interval.median(List.of())).isZero();
  }
}
