package dev.faultline.example.birdstrikes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.fault.Blame;
import dev.faultline.junit.Answer;
import dev.faultline.junit.EdgeCases;
import dev.faultline.junit.FaultlineClient;
import dev.faultline.junit.FaultlineTest;
import dev.faultline.junit.SeenFaults;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The committed models behind their contract, tested as anybody can test theirs: docs/how-to/test-inference-logic.md.
@FaultlineTest(models = "../models")
class BirdstrikeModelsTest {
  private static final String RECORD = """
      {"instances": [{"speed_knots": %s, "aircraft": "B-737-800", "airline": "SOUTHWEST AIRLINES", "origin_state": "Texas", "phase": "Approach",
        "wildlife_size": "%s", "species": "Gull", "time_of_day": "Day", "flight_month": 7}]}""";

  @Test
  void aRecordIsAnsweredWithALabelAndItsProbability(FaultlineClient client, SeenFaults seen) {
    Answer answer = client.predict("birdstrike-damage/3", RECORD.formatted("140", "Large")).requireClean();

    assertThat(answer.output("damage").textAt(0)).isIn("none", "damage");
    assertThat(answer.output("probability").doubleAt(0) + answer.output("probability").doubleAt(1)).isBetween(0.999, 1.001);
    seen.requireNone();
  }

  @Test
  void aMissingSpeedIsNoNumberInVersionTwoAndMendedInThree(FaultlineClient client) {
    String withoutSpeed = RECORD.formatted("null", "Small");

    assertThat(client.predict("birdstrike-damage/2", withoutSpeed).requireFault("check.nonfinite").blame()).isEqualTo(Blame.MODEL);
    client.predict("birdstrike-damage/3", withoutSpeed).requireClean();
  }

  @Test
  void anUnknownSizeIsTheCallersMistake(FaultlineClient client, SeenFaults seen) {
    Answer answer = client.predict("birdstrike-damage/3", RECORD.formatted("140", "Huge"));

    assertThat(answer.requireFault("validate.values").blame()).isEqualTo(Blame.CALLER);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(seen.list()).hasSize(1);
  }

  @TestFactory
  Stream<DynamicTest> versionThreeFailsWell(EdgeCases cases) {
    return cases.of("birdstrike-damage/3");
  }
}
