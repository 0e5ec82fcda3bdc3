package dev.faultline.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.tensor.DataType;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Contract CONTRACT = new Contract(
      List.of(TensorSpec.of("age", DataType.INT64, List.of(new Dimension.Fixed(1)))), List.of(), List.of(new Rule.Range(FieldRef.of("age"), 0, 120)), List.of(), List.of());
  private static final Subject SUBJECT = new Subject("risk", "7", CONTRACT, false);

  @Test
  void aRangeIsProbedOnBothSidesOfBothEnds() {
    List<Probe> probes = Plan.of(SUBJECT, base(), EnumSet.of(Kind.BORDER)).probes();

    assertThat(probes).filteredOn(probe -> probe.expected() == Expected.ANSWERED).extracting(PlanTest::body).anyMatch(body -> body.contains("[0]")).anyMatch(body -> body.contains("[120]"));
    assertThat(probes).filteredOn(probe -> probe.expected() == Expected.REFUSED).extracting(PlanTest::body).anyMatch(body -> body.contains("[-1]")).anyMatch(body -> body.contains("[121]"));
    assertThat(probes).allMatch(probe -> probe.call().path().equals("/v2/models/risk/versions/7/infer"));
  }

  @Test
  void onlyTheKindsThatAreWantedAreMadeAndWhatIsLeftOutIsSaid() {
    Plan plan = Plan.of(SUBJECT, base(), EnumSet.of(Kind.MISSING, Kind.V1));

    assertThat(plan.probes()).extracting(Probe::kind).containsOnly(Kind.MISSING);
    assertThat(plan.leftOut()).singleElement().asString().startsWith("v1: ");
  }

  private static Inputs base() {
    return new Synthesis(SUBJECT).all().getFirst();
  }

  private static String body(Probe probe) {
    return new String(probe.call().body().copyOfBytes(), StandardCharsets.UTF_8);
  }
}
