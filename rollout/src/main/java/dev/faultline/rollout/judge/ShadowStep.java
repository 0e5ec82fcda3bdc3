package dev.faultline.rollout.judge;

/// What to do after an answer of a shadow was observed.
public enum ShadowStep {
  NOTHING,
  /// Send the same request to both versions again, and tell [ShadowJudge#confirmed].
  CONFIRM
}
