package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.Contract;
import dev.faultline.serving.step.Step;
import java.util.List;
import java.util.Map;

/// Everything declared beside an artifact, merged with what the graph says: the contract a caller sees, the steps around the model,
/// and the limits.
///
/// `redact` names what is never kept, as `tensor` or `tensor.column`. `labels` are names of classes, by output, in the classes' order.
/// `warmUps` run before the version answers. `warnings` are for the operator (a field that is not read, a signature that is missing).
/// `repeating` says whether a request may be run again to find out why it failed.
public record VersionSettings(
    Contract contract,
    List<Step> preprocess,
    List<Step> postprocess,
    Limits limits,
    List<String> redact,
    Map<String, List<String>> labels,
    List<WarmUp> warmUps,
    List<String> warnings,
    Repeating repeating) {

  /// Whether running a request again is harmless.
  public enum Repeating {
    HARMLESS,
    /// The model has side effects: what it did for a request it must not do twice.
    HAS_SIDE_EFFECTS
  }

  public VersionSettings {
    preprocess = List.copyOf(preprocess);
    postprocess = List.copyOf(postprocess);
    redact = List.copyOf(redact);
    labels = Map.copyOf(labels);
    warmUps = List.copyOf(warmUps);
    warnings = List.copyOf(warnings);
  }

  /// Without labels and warm-up, and without side effects.
  public VersionSettings(
      Contract contract, List<Step> preprocess, List<Step> postprocess, Limits limits, List<String> redact, List<String> warnings) {
    this(contract, preprocess, postprocess, limits, redact, Map.of(), List.of(), warnings, Repeating.HARMLESS);
  }

  /// The same within other limits.
  public VersionSettings with(Limits others) {
    return new VersionSettings(contract, preprocess, postprocess, others, redact, labels, warmUps, warnings, repeating);
  }

  public boolean sideEffects() {
    return repeating == Repeating.HAS_SIDE_EFFECTS;
  }
}
