package dev.faultline.rollout.judge.simulation;

/// A way to judge a shadow.
interface ShadowRule {
  String name();

  void observe(ShadowScenario.Answers answers);

  /// Whether it holds the candidate for another one, now or by a decision taken before.
  boolean accuses();

  /// Whether it lets it pass.
  boolean passes();
}
