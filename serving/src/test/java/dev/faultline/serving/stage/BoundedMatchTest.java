package dev.faultline.serving.stage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class BoundedMatchTest {
  @Test
  void anOrdinaryPatternMatchesTheWholeText() {
    Pattern name = Pattern.compile("[\\p{L}0-9 ]+");

    assertThat(BoundedMatch.matches(name, "Zürich 8")).isTrue();
    assertThat(BoundedMatch.matches(name, "Zürich!")).isFalse();
  }

  @Test
  void aLongTextThatAnOrdinaryPatternTakesIsTaken() {
    assertThat(BoundedMatch.matches(Pattern.compile("[a-z]*"), "a".repeat(1_000_000))).isTrue();
  }

  @Test
  @Timeout(60)
  void aPatternThatBacktracksForEverGivesUp() {
    assertThat(BoundedMatch.matches(Pattern.compile("(a+)+b"), "a".repeat(200))).isFalse();
  }

  @Test
  void aPatternThatRecursesTooDeepGivesUp() {
    assertThat(BoundedMatch.matches(Pattern.compile("(a|b)*c"), "ab".repeat(1_000_000))).isFalse();
  }
}
