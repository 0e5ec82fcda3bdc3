package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.PairedTest.Pairs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Answers of both versions to the same requests, one output: how often each label, and how often a score at or below each decile of the baseline's.
final class PairCounts {
  static final int LABELS_MAX = 20;
  static final String OTHERS = "(other labels)";

  private final String output;
  private final BaselineQuantiles quantiles;
  private final Map<String, Pairs> labels = new LinkedHashMap<>();
  private final Map<String, Pairs> low = new LinkedHashMap<>();
  private long labelled;

  PairCounts(String output) {
    this(output, List.of(), List.of());
  }

  private PairCounts(String output, List<Double> bounds, List<ShadowState.Part> parts) {
    this.output = output;
    quantiles = new BaselineQuantiles(OutputCounts.LEVELS, bounds);
    for (ShadowState.Part part : parts) {
      (part.isLabel() ? labels : low).put(part.name(), new Pairs(part.first(), part.neither(), part.second()));
    }
    labelled = labels.values().stream().mapToLong(Pairs::total).max().orElse(0);
  }

  static PairCounts of(ShadowState.Shift state) {
    return new PairCounts(state.output(), state.bounds(), state.parts());
  }

  ShadowState.Shift state() {
    var parts = new ArrayList<ShadowState.Part>();
    labels.forEach((name, pairs) -> parts.add(new ShadowState.Part(true, name, pairs.first(), pairs.neither(), pairs.second())));
    low.forEach((name, pairs) -> parts.add(new ShadowState.Part(false, name, pairs.first(), pairs.neither(), pairs.second())));
    return new ShadowState.Shift(output, quantiles.bounds(), parts);
  }

  /// What the candidate and the baseline said.
  void add(OutputFact candidate, OutputFact baseline) {
    if (candidate instanceof OutputFact.Label(var _, String one) && baseline instanceof OutputFact.Label(var _, String other)) {
      addLabels(known(one), known(other));
    } else if (candidate instanceof OutputFact.Score(var _, double one) && baseline instanceof OutputFact.Score(var _, double other) && Double.isFinite(one) && Double.isFinite(other)) {
      addScores(one, other);
    }
  }

  private String known(String label) {
    return labels.containsKey(label) || labels.size() < LABELS_MAX ? label : OTHERS;
  }

  /// A label that was not seen before was said by neither so far.
  private void addLabels(String candidate, String baseline) {
    labels.putIfAbsent(candidate, new Pairs(0, labelled, 0));
    labels.putIfAbsent(baseline, new Pairs(0, labelled, 0));
    labels.replaceAll((label, pairs) -> pairs.and(label.equals(candidate), label.equals(baseline)));
    labelled++;
  }

  private void addScores(double candidate, double baseline) {
    if (quantiles.areKnown()) {
      for (int i = 0; i < OutputCounts.LEVELS.size(); i++) {
        double bound = quantiles.bound(i);
        low.merge(String.valueOf(i + 1), Pairs.NONE.and(candidate <= bound, baseline <= bound), (old, one) -> new Pairs(old.first() + one.first(), old.neither() + one.neither(), old.second() + one.second()));
      }
    }
    quantiles.add(baseline);
  }

  /// Labels and deciles that were counted; labels weigh less the later they came.
  List<Part> parts() {
    var parts = new ArrayList<Part>();
    labels.forEach((name, pairs) -> parts.add(new Part("says '" + name + "'", 1.0 / ((parts.size() + 1.0) * (parts.size() + 2.0)), pairs)));
    low.forEach((name, pairs) -> parts.add(new Part("lies at or below the baseline's decile " + name, 1.0 / low.size(), pairs)));
    return parts;
  }

  String output() {
    return output;
  }

  boolean isOfLabels() {
    return !labels.isEmpty();
  }

  /// One label or decile, and its part of the evidence.
  record Part(String what, double weight, Pairs pairs) {
    double logEvidence(double margin) {
      return Math.log(weight) + PairedTest.logEvidenceApart(pairs, margin);
    }
  }
}
