package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.List;
import java.util.stream.Stream;

/// Served requests slower than the baseline's quantiles, and slower than the objective.
///
/// A candidate is held against bounds that are wider by the slack and by a millisecond, so that only being slower *than allowed* is evidence. The slowest of a thousand take more of the
/// baseline's requests to measure, and are counted from then on.
final class LatencyCounts {
  static final List<Double> LEVELS = List.of(.5, .9, .99);
  static final List<Double> TAIL_LEVELS = List.of(.999);
  static final List<String> NAMES = List.of("p50", "p90", "p99", "p999", "slo");
  static final int P99 = 2;
  static final int TAIL = 3;
  static final int SLO = 4;
  /// Of the baseline, before its slowest of a thousand are known.
  static final int TAIL_NEEDED = 1_000;

  /// A difference that no caller notices.
  private static final double FLOOR_MILLIS = 1;

  private final JudgeSettings settings;
  private final BaselineQuantiles quantiles;
  private final BaselineQuantiles tail;
  private final Tally[] slow = {new Tally(), new Tally(), new Tally(), new Tally(), new Tally()};
  private Tally timed = new Tally();
  private Tally timedInTail = new Tally();

  LatencyCounts(JudgeSettings settings, JudgeState state) {
    this.settings = settings;
    List<Double> bounds = JudgeStateReader.bounds(state, "");
    int usual = Math.min(LEVELS.size(), bounds.size());
    quantiles = new BaselineQuantiles(LEVELS, bounds.subList(0, usual));
    tail = new BaselineQuantiles(TAIL_LEVELS, bounds.subList(usual, bounds.size()), TAIL_NEEDED);
    state.tallies().forEach(this::restore);
  }

  private void restore(JudgeState.Tally tally) {
    if (tally.kind() == Kind.TIMED && tally.subject().isEmpty()) {
      timed = Tally.of(tally);
    } else if (tally.kind() == Kind.TIMED) {
      timedInTail = Tally.of(tally);
    } else if (tally.kind() == Kind.SLOW) {
      slow[NAMES.indexOf(tally.subject())] = Tally.of(tally);
    }
  }

  void add(int cell, Arm arm, double millis) {
    double compared = arm == Arm.BASELINE ? millis : (millis - FLOOR_MILLIS) / (1 + settings.latencySlack());
    if (quantiles.areKnown()) {
      timed.add(cell, arm);
      count(cell, arm, millis, compared);
    }
    if (tail.areKnown()) {
      timedInTail.add(cell, arm);
      add(TAIL, cell, arm, compared > tail.bound(0));
    }
    if (arm == Arm.BASELINE) {
      quantiles.add(millis);
      tail.add(millis);
    }
  }

  private void count(int cell, Arm arm, double millis, double compared) {
    for (int i = 0; i < TAIL; i++) {
      add(i, cell, arm, compared > quantiles.bound(i));
    }
    add(SLO, cell, arm, millis > settings.sloMillis());
  }

  private void add(int stream, int cell, Arm arm, boolean isSlow) {
    if (isSlow) {
      slow[stream].add(cell, arm);
    }
  }

  void stageStarted() {
    quantiles.stageStarted();
    tail.stageStarted();
  }

  void state(int cells, List<JudgeState.Tally> into) {
    into.add(timed.state(Kind.TIMED, "", "", cells));
    into.add(timedInTail.state(Kind.TIMED, NAMES.get(TAIL), "", cells));
    for (int i = 0; i < slow.length; i++) {
      into.add(slow[i].state(Kind.SLOW, NAMES.get(i), "", cells));
    }
  }

  JudgeState.Threshold threshold() {
    return new JudgeState.Threshold("", Stream.concat(quantiles.bounds().stream(), tail.bounds().stream()).toList());
  }
}
