package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Faults by group: every one, each key once in a group, and each key once among all groups.
final class FaultCounts {
  static final int GROUPS_MAX = 200;
  /// The group of faults beyond that many groups. They count in the total.
  static final String OTHERS = "(other groups)";

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final FaultyKeys keys;

  FaultCounts(List<JudgeState.Tally> tallies, List<Long> keys) {
    this.keys = new FaultyKeys(keys);
    tallies.forEach(this::restore);
  }

  private void restore(JudgeState.Tally tally) {
    switch (tally.kind()) {
      case FAULTS -> group(tally.subject()).all = Tally.of(tally);
      case FAULTS_BY_KEY -> group(tally.subject()).byKey = Tally.of(tally);
      case FAULTS_FIRST -> group(tally.subject()).first = Tally.of(tally);
      case REQUESTS, SERVED, TIMED, SLOW, LABELLED, LABEL, SCORED, LOW_SCORE -> {}
    }
  }

  void add(int cell, Arm arm, String name, List<String> tries) {
    Group group = group(name);
    group.all.add(cell, arm);
    if (keys.isFirst(name, tries)) {
      group.byKey.add(cell, arm);
      if (keys.isFirst("", tries)) {
        group.first.add(cell, arm);
      }
    }
  }

  private Group group(String name) {
    boolean hasRoom = groups.containsKey(name) || groups.size() < GROUPS_MAX;
    return groups.computeIfAbsent(hasRoom ? name : OTHERS, _ -> new Group());
  }

  void state(int cells, List<JudgeState.Tally> into) {
    groups.forEach((name, group) -> {
      into.add(group.all.state(Kind.FAULTS, name, "", cells));
      into.add(group.byKey.state(Kind.FAULTS_BY_KEY, name, "", cells));
      into.add(group.first.state(Kind.FAULTS_FIRST, name, "", cells));
    });
  }

  List<Long> keys() {
    return keys.state();
  }

  private static final class Group {
    private Tally all = new Tally();
    private Tally byKey = new Tally();
    private Tally first = new Tally();
  }
}
