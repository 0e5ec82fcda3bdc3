package dev.faultline.rollout.judge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A small run with fixed seeds; the report holds the large one.
class SimulationTest {
  private static final int SHADOWED = 1_000;

  private final CanarySimulation simulation = new CanarySimulation(10, 1, 2);

  @Test
  void healthyCandidatesAreNotAccused() {
    for (Scenario scenario : scenarios(false)) {
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

  @Test
  void aSlowTailIsNotPassed() {
    for (Scenario scenario : scenarios(true).stream().filter(each -> each.name().startsWith("1 in 50 ")).toList()) {
      assertThat(faultline(scenario).passed()).as(scenario.name()).isLessThanOrEqualTo(.2);
    }
  }

  @Test
  void healthyShadowsAreNotAccusedWhereDiffysRuleDoes() {
    var shadows = new ShadowSimulation(10, 2);
    double accusedByDiffy = 0;
    for (ShadowScenario scenario : ShadowScenarios.all().stream().filter(each -> !each.isHarmful()).toList()) {
      Map<String, ShadowScore> scores = shadows.run(scenario, SHADOWED);
      assertThat(score(scores, "Faultline").accused(SHADOWED)).as(scenario.name()).isZero();
      accusedByDiffy = Math.max(accusedByDiffy, score(scores, "Diffy's rule").accused(SHADOWED));
    }
    assertThat(accusedByDiffy).isGreaterThan(.5);
  }

  @Test
  void shadowsThatChangeALotAreFound() {
    var shadows = new ShadowSimulation(5, 2);
    List<ShadowScenario> found = ShadowScenarios.all().stream().filter(each -> each.isHarmful() && !each.name().contains("of 40") && !each.name().startsWith("the same")).toList();
    assertThat(found).hasSizeGreaterThan(3);
    for (ShadowScenario scenario : found) {
      assertThat(score(shadows.run(scenario, SHADOWED), "Faultline").accused(SHADOWED)).as(scenario.name()).isEqualTo(1);
    }
  }

  private static ShadowScore score(Map<String, ShadowScore> scores, String rule) {
    return Objects.requireNonNull(scores.get(rule));
  }

  private Score faultline(Scenario scenario) {
    return Objects.requireNonNull(simulation.run(scenario).get("Faultline"));
  }

  private static List<Scenario> scenarios(boolean harmful) {
    return Scenarios.all().stream().filter(scenario -> scenario.isHarmful() == harmful).toList();
  }
}
