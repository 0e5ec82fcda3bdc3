package dev.faultline.isolation.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ChanceTest {
  @Test
  void noneSeenIsTheRuleOfThree() {
    assertThat(Chance.atMost(0, 300)).isCloseTo(1 - Math.pow(0.05, 1.0 / 300), within(1e-9));
    assertThat(Chance.atMost(0, 10_000)).isCloseTo(3e-4, within(1e-6));
  }

  @Test
  void someSeenIsTheTableOfClopperAndPearson() {
    // qbeta(0.95, k + 1, n - k)
    assertThat(Chance.atMost(1, 20)).isCloseTo(0.216106, within(1e-5));
    assertThat(Chance.atMost(5, 100)).isCloseTo(0.102253, within(1e-5));
  }

  @Test
  void nothingSeenSaysNothing() {
    assertThat(Chance.atMost(0, 0)).isEqualTo(1);
    assertThat(Chance.atMost(3, 3)).isEqualTo(1);
    assertThat(Chance.atMost(5_000, 10_000)).isBetween(0.5, 0.51);
  }
}
