package dev.faultline.rollout.judge;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Decides a canary from the outcomes of both versions, at any time and as often as one likes.
///
/// `observe` is called by the threads of requests and holds a lock for the time of a few additions; `judge` by a timer, and copies the counts before it
/// reckons. A judge's memory is bounded whatever the traffic, and survives the process as a [JudgeState]. How the verdict comes about: [Referee].
public final class CanaryJudge {
  private final JudgeSettings settings;
  private final long startedAtMillis;
  private final Observations observations;
  private final ReentrantLock lock = new ReentrantLock();

  public CanaryJudge(JudgeSettings settings, Instant startedAt) {
    this(settings, new JudgeState(startedAt.toEpochMilli(), List.of(), List.of(), List.of(), List.of(), List.of(), 0));
  }

  private CanaryJudge(JudgeSettings settings, JudgeState state) {
    this.settings = settings;
    this.startedAtMillis = state.startedAtMillis();
    this.observations = new Observations(settings, state);
  }

  /// A judge that goes on where another stopped. It has forgotten which keys were served, so that each may count once more for latency and outputs.
  public static CanaryJudge restore(JudgeSettings settings, JudgeState state) {
    return new CanaryJudge(settings, state);
  }

  /// One request that was drawn for one of the two versions.
  public void observe(Observation observation) {
    lock.lock();
    try {
      observations.add(observation);
    } finally {
      lock.unlock();
    }
  }

  /// A stage of the ramp begins: the baseline's quantiles are measured anew here, and only here.
  public void stageStarted(Instant at) {
    if (at.toEpochMilli() < startedAtMillis) {
      throw new IllegalArgumentException("a stage begins at " + at + ", before the rollout did at " + Instant.ofEpochMilli(startedAtMillis));
    }
    lock.lock();
    try {
      observations.stageStarted();
    } finally {
      lock.unlock();
    }
  }

  /// Faults of this group no longer count, those already seen included: their cause was verified to be the request. Total and verdict are as if they had been served.
  public void exclude(String group) {
    lock.lock();
    try {
      observations.exclude(group);
    } finally {
      lock.unlock();
    }
  }

  /// Faults of this group count again, those already seen included.
  public void include(String group) {
    lock.lock();
    try {
      observations.include(group);
    } finally {
      lock.unlock();
    }
  }

  public Judgement judge(Instant now) {
    return new Referee(settings, state(false)).judge(now);
  }

  /// The verdict alone, for who looks often.
  public Verdict verdict(Instant now) {
    return new Referee(settings, state(false)).verdict(now);
  }

  public JudgeState snapshot() {
    return state(true);
  }

  private JudgeState state(boolean withKeys) {
    lock.lock();
    try {
      return observations.state(withKeys);
    } finally {
      lock.unlock();
    }
  }
}
