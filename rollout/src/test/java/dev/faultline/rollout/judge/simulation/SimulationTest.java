package dev.faultline.rollout.judge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// A small run with fixed seeds; the report holds the large one.
class SimulationTest {
  private final CanarySimulation simulation = new CanarySimulation(10, 1);

  @Test
  void healthyCandidatesAreNotAccused() {
    // without keys the judge cannot know that tries hang together; the report shows what that costs
    for (Scenario scenario : scenarios(false).stream().filter(each -> !each.name().endsWith("keys withheld")).toList()) {
      assertThat(faultline(scenario).failed()).as(scenario.name()).isZero();
    }
  }

  @Test
  void tenTimesTheFaultsAreAlwaysFound() {
    List<Scenario> found = scenarios(true).stream().filter(scenario -> scenario.name().contains("to 5 %") || scenario.name().contains("to 100 %")).toList();
    assertThat(found).hasSizeGreaterThan(3);
    for (Scenario scenario : found) {
      assertThat(faultline(scenario).failed()).as(scenario.name()).isEqualTo(1);
    }
  }

  private Score faultline(Scenario scenario) {
    return java.util.Objects.requireNonNull(simulation.run(scenario).get("Faultline"));
  }

  private static List<Scenario> scenarios(boolean harmful) {
    return Scenarios.all().stream().filter(scenario -> scenario.isHarmful() == harmful).toList();
  }
}
