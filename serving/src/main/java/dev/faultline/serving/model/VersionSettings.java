package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.Contract;
import dev.faultline.serving.step.Step;
import java.util.List;

/// Everything declared beside an artifact, merged with what the graph says: the contract a caller sees, the steps around the model,
/// and the limits.
///
/// `redact` names what is never kept, as `tensor` or `tensor.column`. `warnings` are for the operator (a field that is not read, a
/// signature that is missing).
public record VersionSettings(
    Contract contract, List<Step> preprocess, List<Step> postprocess, Limits limits, List<String> redact, List<String> warnings) {
  public VersionSettings {
    preprocess = List.copyOf(preprocess);
    postprocess = List.copyOf(postprocess);
    redact = List.copyOf(redact);
    warnings = List.copyOf(warnings);
  }
}
