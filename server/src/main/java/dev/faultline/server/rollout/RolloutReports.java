package dev.faultline.server.rollout;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.rollout.Rollout;

/// What is known of why a candidate differs: from investigations of its faults, and from comparisons of its answers.
public final class RolloutReports {
  private final RolloutControl control;
  private final FaultFindings faults;
  private final ShadowFindings shadows;

  public RolloutReports(RolloutControl control, FaultFindings faults, ShadowFindings shadows) {
    this.shadows = shadows;
    this.control = control;
    this.faults = faults;
    control.reportBy(this::found);
  }

  public ObjectNode document(Rollout rollout) {
    ArrayNode found = found(rollout);
    return RolloutDocument.of(rollout, found.isEmpty() ? control.keptReport(rollout.id()) : found, control.now());
  }

  private ArrayNode found(Rollout rollout) {
    ArrayNode found = faults.report(rollout, control.now());
    return rollout.plan().hasShadow() ? found.addAll(shadows.report(rollout)) : found;
  }
}
