package dev.faultline.rollout;

import java.time.Instant;

/// Where a rollout stands now: the candidate's `weight` in percent of the unpinned requests, since when, and why. `reason` says why it came to this, and is empty at the start.
public record Standing(RolloutState state, double weight, Instant since, String reason) {

  boolean isOver() {
    return state.isOver();
  }
}
