package dev.faultline.rollout;

import dev.faultline.rollout.judge.JudgeSettings;
import dev.faultline.rollout.judge.ShadowSettings;
import java.time.Duration;
import java.util.List;

/// What a rollout is to do.
///
/// - `shadow`: the share of the baseline's requests that are mirrored first, 0 to 1; 0 for none.
/// - `steps`: the candidate's share of the unpinned requests, in percent and rising; none for a shadow alone. 100 is what a promotion means, not a step to
///   be judged at: there would be no baseline to compare with.
/// - `key`: the header whose value keeps a caller on one side, lower case; empty: each request is drawn anew.
/// - `requestsMin` requests of the candidate and `timeMin` must pass before a promotion, both in equal parts at each step; after `timeMax` it is inconclusive.
/// - `sloMillis`: a latency that counts by itself, infinite for none.
public record RolloutPlan(
    String model,
    String candidate,
    String baseline,
    double shadow,
    List<Double> steps,
    String key,
    int requestsMin,
    Duration timeMin,
    Duration timeMax,
    double sloMillis) {

  public static final List<Double> STEPS_DEFAULT = List.of(1.0, 5.0, 25.0, 50.0, 100.0);
  public static final int REQUESTS_MIN_DEFAULT = 500;
  public static final Duration TIME_MIN_DEFAULT = Duration.ofMinutes(10);
  public static final Duration TIME_MAX_DEFAULT = Duration.ofHours(2);

  public RolloutPlan {
    steps = List.copyOf(steps);
  }

  public boolean hasShadow() {
    return shadow > 0;
  }

  public boolean hasCanary() {
    return !steps.isEmpty();
  }

  /// The steps at which both versions answer.
  List<Double> comparingSteps() {
    return steps.stream().filter(step -> step < 100).toList();
  }

  /// Requests of the candidate that a step takes at least.
  int stepRequests() {
    return Math.max(1, Math.ceilDiv(requestsMin, Math.max(1, comparingSteps().size())));
  }

  /// How long a step takes at least.
  Duration stepTime() {
    return timeMin.dividedBy(Math.max(1, comparingSteps().size()));
  }

  JudgeSettings judge() {
    return JudgeSettings.DEFAULT.withRequestsMin(requestsMin).withTimes(timeMin, timeMax).withSloMillis(sloMillis);
  }

  ShadowSettings shadowJudge() {
    return ShadowSettings.DEFAULT.withRequestsMin(requestsMin).withTimes(timeMin, timeMax);
  }
}
