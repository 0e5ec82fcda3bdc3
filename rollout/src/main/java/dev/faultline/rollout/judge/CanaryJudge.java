package dev.faultline.rollout.judge;

import java.time.Instant;
import java.util.List;

/// Decides a canary from the outcomes of both versions, at any time and as often as one likes.
///
/// `observe` is called by the threads of requests and holds a lock for the time of a few additions; `judge` by a timer. A judge's memory is bounded whatever the
/// traffic, and survives the process as a [JudgeState].
public final class CanaryJudge {
  private final JudgeSettings settings;
  private final Instant startedAt;

  public CanaryJudge(JudgeSettings settings, Instant startedAt) {
    this.settings = settings;
    this.startedAt = startedAt;
  }

  /// A judge that goes on where another stopped.
  public static CanaryJudge restore(JudgeSettings settings, JudgeState state) {
    return new CanaryJudge(settings, Instant.ofEpochMilli(state.startedAtMillis()));
  }

  /// One request that was drawn for one of the two versions.
  public void observe(Observation observation) {
    if (observation.share() < 0) {
      throw new IllegalArgumentException("share " + observation.share());
    }
  }

  /// A stage of the ramp begins: the baseline's quantiles may be measured anew here, and only here.
  public void stageStarted(Instant at) {
    if (at.isBefore(startedAt)) {
      throw new IllegalArgumentException("stage at " + at + " begins before the rollout, at " + startedAt);
    }
  }

  /// Faults of this group no longer count, those already seen included: their cause was verified to be the request. Total and verdict are as if they had been served.
  public void exclude(String group) {
    if (group.isEmpty()) {
      throw new IllegalArgumentException("group '' (expected: the name of a group of faults)");
    }
  }

  public Judgement judge(Instant now) {
    boolean over = !now.isBefore(startedAt.plus(settings.timeMax()));
    return new Judgement(Verdict.INCONCLUSIVE, over, List.of("no request has been judged"), List.of());
  }

  public JudgeState snapshot() {
    return new JudgeState(startedAt.toEpochMilli(), List.of(), List.of(), List.of(), List.of(), List.of());
  }
}
