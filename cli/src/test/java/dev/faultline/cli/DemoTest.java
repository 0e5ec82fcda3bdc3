package dev.faultline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoTest {
  private static final Surroundings HERE = new Surroundings(Map.of(), Path.of("..").toAbsolutePath().normalize());

  @Test
  void theDemoFindsWhatItShould() throws Exception {
    Told told = Told.by(HERE, "demo", "--once", "--rows", "500", "--json");
    JsonNode demo = new ObjectMapper().readTree(told.out());
    assertThat(demo.path("checks")).as(told.out() + told.err()).hasSize(12).allMatch(check -> check.path("holds").asBoolean());
    assertThat(told.status()).isZero();
    assertThat(demo.path("rows_without_speed_to_version_2").asInt()).isPositive().isEqualTo(demo.path("suspicions").path("check.nonfinite").asInt());
    assertThat(demo.path("releases").findValuesAsText("state")).containsExactly("ROLLED_BACK", "PROMOTED");
    assertThat(demo.path("faults").size()).isEqualTo(DemoMistake.all().size());
  }

  @Test
  void theDemoTellsItsStoryOnAPipe(@TempDir Path data) {
    Told told = Told.by(HERE, "demo", "--once", "--rows", "500", "--data", data.toString());
    assertThat(told.status()).as(told.out() + told.err()).isZero();
    assertThat(told.out())
        .contains("✗ 400 validate.range", "! 200 check.nonfinite", "✓ no other version gave a suspicious answer", "why version 2   VERIFIED ", "\n  minimal  curl ", "✓ it began with version 2, version 1 was good", "✓ version 2 as a canary is ROLLED_BACK after ", "✓ version 3 as a canary is PROMOTED after ", "./faultline explain FL-", "--data " + data)
        .doesNotContain("\033[");
    assertThat(told.err()).isEmpty();
  }

  @Test
  void everyMistakeIsMadeAndMissingSpeedsComeAsOftenAsInTheFile() throws Exception {
    var rows = BirdstrikeRows.read(DemoServer.EXAMPLES.resolve("data/birdstrikes.csv"));
    List<DemoCall> calls = DemoPlan.of(rows, DemoPlan.ROWS_DEFAULT);
    var expected = new HashSet<>(calls.stream().map(DemoCall::expected).toList());
    assertThat(expected).hasSize(DemoMistake.all().size() + 1);
    long blind = calls.stream().filter(DemoCall::blindCanary).count();
    assertThat(blind / (DemoPlan.ROWS_DEFAULT / 5.0)).isBetween(0.24, 0.33);
  }

  @Test
  void aDemoOfNoRowsIsACallThatDoesNotFit() {
    assertThat(Told.by(HERE, "demo", "--rows", "0").status()).isEqualTo(2);
  }
}
