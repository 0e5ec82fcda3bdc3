package dev.faultline.server.rollout;

import dev.faultline.rollout.Causes;
import dev.faultline.rollout.Rollout;
import java.time.Duration;
import java.util.Optional;

/// Why candidates fail, from investigations of their faults, and why they differ, from comparisons of their answers.
public record RolloutCauses(FaultFindings faults, ShadowFindings shadows) implements Causes {

  @Override
  public Duration patience() {
    return faults.patience();
  }

  @Override
  public Optional<String> of(Rollout rollout, String kind) {
    return faults.cause(rollout, kind);
  }

  @Override
  public String symptom(Rollout rollout, String kind) {
    return faults.symptom(rollout, kind);
  }

  @Override
  public String ofDifferences(Rollout rollout) {
    return shadows.report(rollout).path(0).path("summary").asText("");
  }
}
