package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What one output said: how often each label, and how often a score at or below each decile of the baseline's scores.
final class OutputCounts {
  static final int LABELS_MAX = 20;
  static final String OTHERS = "(other labels)";
  static final List<Double> LEVELS = List.of(.1, .2, .3, .4, .5, .6, .7, .8, .9);

  private final String output;
  private final Map<String, Tally> labels = new LinkedHashMap<>();
  private final BaselineQuantiles quantiles;
  private final List<Tally> low = new ArrayList<>(IntStream.range(0, LEVELS.size()).mapToObj(_ -> new Tally()).toList());
  private Tally labelled = new Tally();
  private Tally scored = new Tally();

  OutputCounts(String output, List<Double> bounds) {
    this.output = output;
    quantiles = new BaselineQuantiles(LEVELS, bounds);
  }

  void restore(JudgeState.Tally tally) {
    switch (tally.kind()) {
      case LABELLED -> labelled = Tally.of(tally);
      case LABEL -> labels.put(tally.part(), Tally.of(tally));
      case SCORED -> scored = Tally.of(tally);
      case LOW_SCORE -> low.set(Integer.parseInt(tally.part()) - 1, Tally.of(tally));
      case REQUESTS, SERVED, FAULTS, FAULTS_BY_KEY, FAULTS_FIRST, TIMED, SLOW -> {}
    }
  }

  void add(int cell, Arm arm, OutputFact fact) {
    switch (fact) {
      case OutputFact.Label label -> addLabel(cell, arm, label.label());
      case OutputFact.Score score -> addScore(cell, arm, score.value());
    }
  }

  private void addLabel(int cell, Arm arm, String label) {
    boolean hasRoom = labels.containsKey(label) || labels.size() < LABELS_MAX;
    labelled.add(cell, arm);
    labels.computeIfAbsent(hasRoom ? label : OTHERS, _ -> new Tally()).add(cell, arm);
  }

  private void addScore(int cell, Arm arm, double value) {
    if (quantiles.areKnown()) {
      scored.add(cell, arm);
      for (int i = 0; i < LEVELS.size(); i++) {
        if (value <= quantiles.bound(i)) {
          low.get(i).add(cell, arm);
        }
      }
    }
    if (arm == Arm.BASELINE) {
      quantiles.add(value);
    }
  }

  void stageStarted() {
    quantiles.stageStarted();
  }

  void state(int cells, List<JudgeState.Tally> into) {
    into.add(labelled.state(Kind.LABELLED, output, "", cells));
    labels.forEach((label, tally) -> into.add(tally.state(Kind.LABEL, output, label, cells)));
    into.add(scored.state(Kind.SCORED, output, "", cells));
    for (int i = 0; i < low.size(); i++) {
      into.add(low.get(i).state(Kind.LOW_SCORE, output, String.valueOf(i + 1), cells));
    }
  }

  JudgeState.Threshold threshold() {
    return quantiles.state(output);
  }
}
