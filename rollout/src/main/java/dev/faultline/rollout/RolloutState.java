package dev.faultline.rollout;

/// Where a rollout stands. The last four are its ends.
public enum RolloutState {
  /// The candidate gets copies of requests, and its answers go nowhere.
  SHADOWING,
  /// The candidate answers a part of the unpinned requests.
  CANARY,
  /// The candidate is in charge.
  PROMOTED,
  /// The evidence spoke against the candidate; the baseline is in charge.
  ROLLED_BACK,
  /// The time was over without enough evidence; the baseline is in charge.
  INCONCLUSIVE,
  /// A person ended it, or one of the versions went away; the baseline is in charge.
  ABORTED;

  public boolean isOver() {
    return this != SHADOWING && this != CANARY;
  }
}
