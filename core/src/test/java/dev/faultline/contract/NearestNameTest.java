package dev.faultline.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestNameTest {

  @Test
  void aSlipOfOneLetterIsRecognised() {
    assertThat(NearestName.hint("sped", List.of("height", "speed"))).isEqualTo(" (did you mean 'speed'?)");
  }

  @Test
  void anotherCaseAndAnAbbreviationAreRecognised() {
    assertThat(NearestName.find("SPEED", List.of("speed"))).contains("speed");
    assertThat(NearestName.find("min", List.of("maximum", "minimum"))).contains("minimum");
  }

  @Test
  void aNameThatResemblesNothingGetsNoHint() {
    assertThat(NearestName.hint("altitude", List.of("x", "species"))).isEmpty();
    assertThat(NearestName.hint("x", List.of())).isEmpty();
  }

  @Test
  void theNearestOfSeveralWinsAndATieGoesToTheFirstInOrder() {
    assertThat(NearestName.find("speed1", List.of("speed_12", "speed2", "speed0"))).contains("speed0");
  }
}
