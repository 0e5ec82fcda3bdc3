package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.Verdict;
import java.util.ArrayList;
import java.util.List;

/// Thresholds on the candidate alone, measured every so many minutes, and a number of bad measurements that is still borne: what Argo Rollouts and Flagger do.
///
/// The numbers are those of the examples in their documentation.
final class ThresholdRule implements Rule {
  private final String name;
  private final double successMin;
  private final double latencyMax;
  private final int interval;
  private final int failuresMax;
  private final List<Observation> pending = new ArrayList<>();
  private int failures;

  private ThresholdRule(String name, double successMin, double latencyMax, int interval, int failuresMax) {
    this.name = name;
    this.successMin = successMin;
    this.latencyMax = latencyMax;
    this.interval = interval;
    this.failuresMax = failuresMax;
  }

  /// Success at least 95 %, every five minutes; more than three failures abort.
  static Rule argo() {
    return new ThresholdRule("Argo's example", .95, Double.POSITIVE_INFINITY, 5, 3);
  }

  /// Success at least 99 % and the slowest percent within 500 ms, every minute; the fifth failure rolls back.
  static Rule flagger() {
    return new ThresholdRule("Flagger's example", .99, 500, 1, 4);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Verdict minute(List<Observation> requests, int minute, boolean isStage) {
    pending.addAll(requests);
    if ((minute + 1) % interval == 0) {
      var measured = new Minutes(Arm.CANDIDATE);
      measured.add(pending);
      pending.clear();
      failures += 1 - measured.latestErrorRate() < successMin || measured.latestSlow() > latencyMax ? 1 : 0;
    }
    return failures > failuresMax ? Verdict.FAIL : Verdict.INCONCLUSIVE;
  }

  @Override
  public Verdict end() {
    return Verdict.PASS;
  }
}
