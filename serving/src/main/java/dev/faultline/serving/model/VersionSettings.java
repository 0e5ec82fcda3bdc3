package dev.faultline.serving.model;

import dev.faultline.contract.Contract;
import dev.faultline.serving.step.Step;
import java.util.List;

/// Everything declared beside an artifact, merged with what the graph says: the contract a caller sees, the steps around the model,
/// and the limits. `warnings` are for the operator (a rule that cannot apply, a signature that is missing).
public record VersionSettings(Contract contract, List<Step> preprocess, List<Step> postprocess, Limits limits, List<String> warnings) {
  public VersionSettings {
    preprocess = List.copyOf(preprocess);
    postprocess = List.copyOf(postprocess);
    warnings = List.copyOf(warnings);
  }
}
