package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// All streams of a canary, with the part of the evidence that each may bring.
///
/// The parts sum to 1, so that the mean of the streams' e-processes by these weights is an e-process again, and one threshold serves all: that is at least as sharp as
/// Bonferroni's, and needs not know how many streams will come. Of what groups of faults, labels and outputs may bring, the j-th to appear gets 1 / (j (j + 1)).
final class Streams {
  private static final double FAULTS = .4;
  private static final double GROUPS = .2;
  private static final List<Double> LATENCY = List.of(.03, .05, .05, .05, .02);
  private static final double OUTPUTS = .2;

  private final JudgeSettings settings;
  private final JudgeState state;
  private final JudgeStateReader reader;
  private final Split requests;
  private final Split faults;
  private final Split faultsOnce;
  private final List<Stream> all = new ArrayList<>();

  Streams(JudgeSettings settings, JudgeState state) {
    this.settings = settings;
    this.state = state;
    reader = new JudgeStateReader(state);
    requests = reader.split(Kind.REQUESTS, "");
    faults = total(Kind.FAULTS);
    faultsOnce = total(Kind.FAULTS_FIRST);
    all.add(RatioStream.of("faults", "faults", FAULTS, faultsOnce, reader.split(Kind.SERVED, ""), faults, requests));
    addGroups();
    addLatency();
    addOutputs();
  }

  List<Stream> all() {
    return List.copyOf(all);
  }

  Split requests() {
    return requests;
  }

  /// All faults that count.
  Split faults() {
    return faults;
  }

  /// Of those, each key's first.
  Split faultsOnce() {
    return faultsOnce;
  }

  private Split total(Kind kind) {
    return reader.all(kind).stream()
        .filter(tally -> !state.excluded().contains(tally.subject()))
        .map(reader::split)
        .reduce(Split.none(state.shares()), Split::plus);
  }

  private void addGroups() {
    List<JudgeState.Tally> groups = reader.all(Kind.FAULTS_BY_KEY);
    for (int i = 0; i < groups.size(); i++) {
      String group = groups.get(i).subject();
      if (!state.excluded().contains(group)) {
        Split every = reader.split(Kind.FAULTS, group);
        all.add(new RatioStream("faults:" + group, "faults in group " + group, GROUPS * part(i), reader.split(groups.get(i)), every, requests));
      }
    }
  }

  private void addLatency() {
    List<Double> bounds = JudgeStateReader.bounds(state, "");
    for (int i = 0; i < LatencyCounts.NAMES.size(); i++) {
      double bound = i == LatencyCounts.SLO ? settings.sloMillis() : i < bounds.size() ? bounds.get(i) : Double.POSITIVE_INFINITY;
      if (Double.isFinite(bound)) {
        addLatency(LatencyCounts.NAMES.get(i), LATENCY.get(i), bound, timed(i));
      }
    }
  }

  private void addLatency(String name, double weight, double bound, Split timed) {
    Split slow = slow(name);
    String allowed = name.equals("slo") ? "the objective of " : "what the baseline's " + name + " allows, ";
    all.add(RatioStream.of("latency:" + name, "latency above " + allowed + Words.millis(bound), weight, slow, timed.minus(slow), slow, timed));
  }

  /// Requests whose latency was held against a bound.
  Split timed(int stream) {
    return reader.split(Kind.TIMED, stream == LatencyCounts.TAIL ? LatencyCounts.NAMES.get(stream) : "");
  }

  /// Those above it.
  Split slow(String name) {
    return reader.split(Kind.SLOW, name);
  }

  private void addOutputs() {
    int count = 0;
    for (JudgeState.Tally labelled : reader.all(Kind.LABELLED)) {
      Split labels = reader.split(labelled);
      Split scores = reader.split(Kind.SCORED, labelled.subject());
      if (labels.candidate() + labels.baseline() > 0) {
        all.add(labels(labelled.subject(), OUTPUTS * part(count++), labels));
      }
      if (scores.candidate() + scores.baseline() > 0) {
        all.add(scores(labelled.subject(), OUTPUTS * part(count++), scores));
      }
    }
  }

  private Stream labels(String output, double weight, Split labelled) {
    List<JudgeState.Tally> labels = reader.all(Kind.LABEL).stream().filter(tally -> tally.subject().equals(output)).toList();
    List<ShiftStream.Part> parts = IntStream.range(0, labels.size()).mapToObj(i -> part(labels.get(i), part(i), labelled)).toList();
    return new ShiftStream("label:" + output, "output '" + output + "' says", weight, parts, labelled, settings.shiftAllowed());
  }

  private Stream scores(String output, double weight, Split scored) {
    List<JudgeState.Tally> low = reader.all(Kind.LOW_SCORE).stream().filter(tally -> tally.subject().equals(output)).toList();
    List<ShiftStream.Part> parts = low.stream().map(tally -> part(tally, 1.0 / low.size(), scored)).toList();
    return new ShiftStream("score:" + output, "output '" + output + "' lies at or below the baseline's decile", weight, parts, scored, settings.shiftAllowed());
  }

  private ShiftStream.Part part(JudgeState.Tally tally, double weight, Split all) {
    return ShiftStream.Part.of("'" + tally.part() + "'", weight, reader.split(tally), all, settings.shiftAllowed());
  }

  private static double part(int index) {
    return 1.0 / ((index + 1.0) * (index + 2.0));
  }
}
