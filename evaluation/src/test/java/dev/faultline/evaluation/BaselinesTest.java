package dev.faultline.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.evaluation.TrialResult.Finding;
import dev.faultline.evaluation.baseline.Baseline;
import dev.faultline.evaluation.fault.Catalogue;
import dev.faultline.evaluation.score.Facet;
import dev.faultline.evaluation.score.Judged;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The baselines against a real server: each finds what it is made for.
class BaselinesTest {

  private static Finding finding(String fault) throws InterruptedException {
    Trial trial = new Trial(Catalogue.all().stream().filter(recipe -> recipe.id().equals(fault)).findFirst().orElseThrow(), 0.08, 0, 200, 5);
    TrialResult result = new TrialRun(trial, Plan.SMALL_SETTINGS, Baseline.all(), (_, _) -> {}).run();
    assertThat(result.invalid()).isEmpty();
    return result.findings().getFirst();
  }

  private static Judged by(String method, Finding finding) {
    return Objects.requireNonNull(finding.byMethod().get(method), method);
  }

  @Test
  void deltaDebuggingFindsTheField() throws Exception {
    Finding finding = finding("divide-by-zero");

    assertThat(by("ddmin", finding).isRight(Facet.FIELDS)).isTrue();
    assertThat(by("plain bisection", finding).isRight(Facet.CAUSE)).isTrue();
    assertThat(finding.byMethod()).containsKeys("Dummy (random)", "trivial rule", "BubbleUp-like", "KL + RRF", "MacroBase-like", "Ochiai");
  }

  @Test
  void bisectionFindsTheVersionAndTheTrivialRuleTheNan() throws Exception {
    assertThat(by("plain bisection", finding("scaler-swapped")).isRight(Facet.VERSION)).isTrue();
    assertThat(by("trivial rule", finding("nan-from-one-client")).isRight(Facet.FIELDS)).isTrue();
  }
}
