package dev.faultline.rollout.judge;

/// What repeating a request on both versions showed.
public enum Confirmation {
  /// Each time the baseline agreed with itself, and the candidate differed or failed as before: a fact that needs no statistics.
  REPRODUCED,
  NOT_REPRODUCED,
  /// It could not be repeated: the request is gone, or may not be sent twice.
  IMPOSSIBLE
}
