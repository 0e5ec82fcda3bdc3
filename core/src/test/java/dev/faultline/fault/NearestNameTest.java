package dev.faultline.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> KNOWN = List.of("speed_knots", "height_ft", "age", "sky");

  @ParameterizedTest
  @CsvSource({
    "speed_knot,speed_knots",
    "speed-knots,speed_knots",
    "SPEED KNOTS,speed_knots",
    "spede_knots,speed_knots",
    "heigth_ft,height_ft",
    "heihgt_ft,height_ft",
    "aeg,age",
    "skyy,sky"
  })
  void aSlipOfTheFingerFindsTheNameThatWasMeant(String given, String meant) {
    assertThat(NearestName.of(given, KNOWN)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"temperature", "xyz", "''", "a"})
  void aNameThatResemblesNoneSuggestsNone(String given) {
    assertThat(NearestName.of(given, KNOWN)).isEmpty();
  }

  @Test
  void nothingIsKnownSoNothingIsSuggested() {
    assertThat(NearestName.of("age", List.of())).isEmpty();
    assertThat(NearestName.ranked("age", List.of(), 5)).isEmpty();
  }

  @Test
  void rankedGivesTheNearestFirstAndAtMostAsManyAsAsked() {
    assertThat(NearestName.ranked("heigth", KNOWN, 2)).hasSize(2).first().isEqualTo("height_ft");
    assertThat(NearestName.ranked("zzzzzzzzzzzzzzzzzzzz", List.of("b", "a"), 5)).containsExactly("b", "a");
  }

  @ParameterizedTest
  @CsvSource({"'','',0", "a,'',1", "'',ab,2", "ab,ba,1", "kitten,sitting,3", "ca,abc,3", "same,same,0", "abcd,acbd,1"})
  void distanceCountsEditsAndSwapsOfNeighbours(String a, String b, int edits) {
    assertThat(NearestName.distance(a, b)).isEqualTo(edits);
    assertThat(NearestName.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void aHugeNameIsComparedByItsFirstCharactersOnly() {
    String huge = "speed_knots".repeat(1_000_000);
    assertThat(NearestName.ranked(huge, KNOWN, 1)).hasSize(1);
    assertThat(NearestName.of(huge, KNOWN)).isEmpty();
  }
}
