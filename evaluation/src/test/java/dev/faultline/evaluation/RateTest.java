package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.evaluation.score.Rate;
import org.junit.jupiter.api.Test;

class RateTest {

  @Test
  void theIntervalIsWilsons() {
    assertThat(new Rate(8, 10)).hasToString(".80 [.49, .94]");
  }

  @Test
  void noneOfTwentyIsNotProofOfNever() {
    assertThat(new Rate(0, 20)).hasToString(".00 [.00, .16]");
  }

  @Test
  void noneOfNoneIsADash() {
    assertThat(new Rate(0, 0)).hasToString("-");
  }
}
