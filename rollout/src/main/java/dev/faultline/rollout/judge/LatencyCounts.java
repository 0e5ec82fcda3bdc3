package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.List;

/// Served requests slower than the baseline's quantiles, and slower than the objective.
///
/// A candidate is held against bounds that are wider by the slack and by a millisecond, so that only being slower *than allowed* is evidence.
final class LatencyCounts {
  static final List<Double> LEVELS = List.of(.5, .9, .99);
  static final List<String> NAMES = List.of("p50", "p90", "p99", "slo");
  static final int SLO = 3;

  /// A difference that no caller notices.
  private static final double FLOOR_MILLIS = 1;

  private final JudgeSettings settings;
  private final BaselineQuantiles quantiles;
  private final Tally[] slow = {new Tally(), new Tally(), new Tally(), new Tally()};
  private Tally timed = new Tally();

  LatencyCounts(JudgeSettings settings, JudgeState state) {
    this.settings = settings;
    quantiles = new BaselineQuantiles(LEVELS, JudgeStateReader.bounds(state, ""));
    for (JudgeState.Tally tally : state.tallies()) {
      if (tally.kind() == Kind.TIMED) {
        timed = Tally.of(tally);
      } else if (tally.kind() == Kind.SLOW) {
        slow[NAMES.indexOf(tally.subject())] = Tally.of(tally);
      }
    }
  }

  void add(int cell, Arm arm, double millis) {
    if (quantiles.areKnown()) {
      timed.add(cell, arm);
      count(cell, arm, millis);
    }
    if (arm == Arm.BASELINE) {
      quantiles.add(millis);
    }
  }

  private void count(int cell, Arm arm, double millis) {
    double compared = arm == Arm.BASELINE ? millis : (millis - FLOOR_MILLIS) / (1 + settings.latencySlack());
    for (int i = 0; i < SLO; i++) {
      if (compared > quantiles.bound(i)) {
        slow[i].add(cell, arm);
      }
    }
    if (millis > settings.sloMillis()) {
      slow[SLO].add(cell, arm);
    }
  }

  void stageStarted() {
    quantiles.stageStarted();
  }

  void state(int cells, List<JudgeState.Tally> into) {
    into.add(timed.state(Kind.TIMED, "", "", cells));
    for (int i = 0; i < slow.length; i++) {
      into.add(slow[i].state(Kind.SLOW, NAMES.get(i), "", cells));
    }
  }

  JudgeState.Threshold threshold() {
    return quantiles.state("");
  }

}
