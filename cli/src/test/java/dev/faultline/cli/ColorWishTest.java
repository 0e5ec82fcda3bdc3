package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ColorWishTest {

  @Test
  void aTerminalHasColoursUnlessItIsDumb() {
    assertThat(ColorWish.AUTO.isMet(Map.of("TERM", "xterm"), true)).isTrue();
    assertThat(ColorWish.AUTO.isMet(Map.of("TERM", "dumb"), true)).isFalse();
    assertThat(ColorWish.AUTO.isMet(Map.of("TERM", "xterm"), false)).isFalse();
  }

  @Test
  void noColorWinsOverForceColorAndTheOptionOverBoth() {
    var both = Map.of("NO_COLOR", "1", "FORCE_COLOR", "1");
    assertThat(ColorWish.AUTO.isMet(both, true)).isFalse();
    assertThat(ColorWish.ALWAYS.isMet(both, false)).isTrue();
    assertThat(ColorWish.AUTO.isMet(Map.of("FORCE_COLOR", "1"), false)).isTrue();
    assertThat(ColorWish.NEVER.isMet(Map.of("FORCE_COLOR", "1"), true)).isFalse();
  }

  @Test
  void anEmptyNoColorMeansNothing() {
    assertThat(ColorWish.AUTO.isMet(Map.of("NO_COLOR", "", "TERM", "xterm"), true)).isTrue();
  }
}
