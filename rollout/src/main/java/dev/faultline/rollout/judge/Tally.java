package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// A pair of counters for each share of traffic: one for each arm.
final class Tally {
  private long[] counts = new long[8];

  static Tally of(JudgeState.Tally state) {
    var tally = new Tally();
    tally.counts = state.counts().stream().mapToLong(Long::longValue).toArray();
    return tally;
  }

  void add(int cell, Arm arm) {
    int index = 2 * cell + (arm == Arm.CANDIDATE ? 1 : 0);
    if (index >= counts.length) {
      counts = Arrays.copyOf(counts, 2 * (cell + 1));
    }
    counts[index]++;
  }

  JudgeState.Tally state(Kind kind, String subject, String part, int cells) {
    var copy = new ArrayList<Long>(2 * cells);
    for (int i = 0; i < 2 * cells; i++) {
      copy.add(i < counts.length ? counts[i] : 0);
    }
    return new JudgeState.Tally(kind, subject, part, List.copyOf(copy));
  }
}
