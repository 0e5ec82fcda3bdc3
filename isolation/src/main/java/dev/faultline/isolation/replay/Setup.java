package dev.faultline.isolation.replay;

import dev.faultline.serving.backend.LoadOptions.Optimization;

/// What a trial runs on: a model's graph of one version, the steps and the contract of the same or another, and how far the engine may
/// rewrite the graph.
public record Setup(String model, String version, String stepsOf, Optimization optimization) {

  /// A version as it is served.
  public static Setup of(String model, String version) {
    return new Setup(model, version, version, Optimization.FULL);
  }

  /// The same graph behind the steps of another version.
  public Setup withStepsOf(String other) {
    return new Setup(model, version, other, optimization);
  }

  public Setup with(Optimization level) {
    return new Setup(model, version, stepsOf, level);
  }
}
