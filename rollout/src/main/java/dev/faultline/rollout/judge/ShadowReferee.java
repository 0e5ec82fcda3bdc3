package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.PairedTest.Pairs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/// Reads a verdict from what a shadow's judge has counted.
///
/// The evidence against the candidate is a weighted mean of e-processes: requests whose answers say something else bring .4 of it, the same output by output .2, what shifts .4; of the last two
/// the j-th output to appear gets 1 / (j (j + 1)). So one threshold serves all. Used at once and by one thread.
final class ShadowReferee {
  private static final double CHANGES = .4;
  private static final double CHANGES_BY_OUTPUT = .2;
  private static final double SHIFTS = .4;
  /// Evidence from which on it is told that answers differ beyond the baseline's own noise: Bonferroni over the outputs at 5 %.
  private static final double ALPHA_NOISE = .05;

  /// Counts of all requests; `changes`: where the candidate alone says something else, where neither or both do, and where the baseline's second answer alone does.
  record Counts(long total, long different, long failed, long triples, long reproduced, Pairs changes) {}

  private final ShadowSettings settings;
  private final Instant startedAt;
  private final Counts counts;
  private final List<ShadowOutput> outputs;
  private final List<PairCounts> shifts;

  ShadowReferee(ShadowSettings settings, Instant startedAt, Counts counts, List<ShadowOutput> outputs, List<PairCounts> shifts) {
    this.settings = settings;
    this.startedAt = startedAt;
    this.counts = counts;
    this.outputs = outputs;
    this.shifts = shifts;
  }

  Verdict verdict(Instant now) {
    return isFact() || isShown() ? Verdict.FAIL : missing(now).isEmpty() ? Verdict.PASS : Verdict.INCONCLUSIVE;
  }

  Judgement judge(Instant now) {
    return switch (verdict(now)) {
      case FAIL -> new Judgement(Verdict.FAIL, true, List.of(accusation()), streams());
      case PASS -> new Judgement(Verdict.PASS, true, noted(List.of("fewer answers say something else than the " + Words.percent(settings.changesAllowed()) + " that may: " + words())), streams());
      case INCONCLUSIVE -> new Judgement(Verdict.INCONCLUSIVE, !now.isBefore(startedAt.plus(settings.timeMax())), noted(missing(now)), streams());
    };
  }

  private boolean isFact() {
    return counts.reproduced() > 0;
  }

  private boolean isShown() {
    var logs = new ArrayList<Double>();
    logs.add(Math.log(CHANGES) + changes());
    double spent = CHANGES;
    for (int i = 0; i < outputs.size(); i++) {
      logs.add(logWeighted(i));
      spent += CHANGES_BY_OUTPUT * share(i);
    }
    for (PairCounts shift : shifts) {
      if (!shift.parts().isEmpty()) {
        logs.add(logWeighted(shift));
        spent += SHIFTS * share(shifts.indexOf(shift));
      }
    }
    logs.add(Math.log(1 - spent));
    return LogSum.of(logs.stream().mapToDouble(Double::doubleValue).toArray()) >= -Math.log(settings.alpha());
  }

  private double logWeighted(int output) {
    return Math.log(CHANGES_BY_OUTPUT * share(output)) + PairedTest.logEvidenceAbove(changes(output), settings.changesAllowed());
  }

  private double logWeighted(PairCounts shift) {
    return Math.log(SHIFTS * share(shifts.indexOf(shift))) + logEvidence(shift);
  }

  private Pairs changes(int output) {
    return outputs.get(output).changes(counts.total());
  }

  private double changes() {
    return PairedTest.logEvidenceAbove(counts.changes(), settings.changesAllowed());
  }

  /// Of what several may bring, the part of the one with this number.
  private static double share(int index) {
    return 1.0 / ((index + 1.0) * (index + 2.0));
  }

  private double logEvidence(PairCounts shift) {
    return LogSum.of(shift.parts().stream().mapToDouble(part -> part.logEvidence(settings.shiftAllowed())).toArray());
  }

  private String accusation() {
    if (isFact()) {
      return "a mirrored request that the baseline serves fails, or is answered in another form, each time it is repeated; " + words();
    }
    return shifts.stream()
        .filter(each -> logWeighted(each) > Math.max(Math.log(CHANGES) + changes(), foremostOutput()))
        .max(Comparator.comparingDouble(this::logWeighted))
        .map(this::accusation)
        .orElseGet(() -> "more answers say something else than the " + Words.percent(settings.changesAllowed()) + " that may: " + words());
  }

  private double foremostOutput() {
    return IntStream.range(0, outputs.size()).mapToDouble(this::logWeighted).max().orElse(Double.NEGATIVE_INFINITY);
  }

  private String accusation(PairCounts shift) {
    PairCounts.Part part = foremost(shift);
    Pairs pairs = part.pairs();
    return "output '" + shift.output() + "' " + part.what() + " on " + Words.number(pairs.first()) + " requests only with the candidate and on " + Words.number(pairs.second())
        + " only with the baseline, of " + Words.number(pairs.total()) + "; a shift of more than " + Words.percent(settings.shiftAllowed()) + " of the answers";
  }

  private PairCounts.Part foremost(PairCounts shift) {
    return shift.parts().stream().max(Comparator.comparingDouble(part -> part.logEvidence(settings.shiftAllowed()))).orElseThrow();
  }

  /// With what is worth knowing and decides nothing.
  private List<String> noted(List<String> reasons) {
    var all = new ArrayList<>(reasons);
    double needed = Math.log(Math.max(1, outputs.size()) / ALPHA_NOISE);
    outputs.stream().filter(output -> output.isNoisy() && output.logEvidence() >= needed).map(ShadowOutput::sentence).forEach(all::add);
    return all;
  }

  private List<String> missing(Instant now) {
    var missing = new ArrayList<String>();
    Duration passed = Duration.between(startedAt, now);
    if (counts.total() < settings.requestsMin()) {
      missing.add(Words.number(counts.total()) + " mirrored requests (expected: " + Words.number(settings.requestsMin()) + " or more)");
    }
    if (passed.compareTo(settings.timeMin()) < 0) {
      missing.add(Words.duration(passed) + " since the start (expected: " + Words.duration(settings.timeMin()) + " or more)");
    }
    if (PairedTest.logEvidenceBelow(counts.changes(), settings.changesAllowed()) < -Math.log(settings.alphaPass())) {
      missing.add("that more than " + Words.percent(settings.changesAllowed()) + " of the answers say something else is neither shown nor excluded: " + words());
    }
    for (int i = 0; i < outputs.size(); i++) {
      if (PairedTest.logEvidenceBelow(changes(i), settings.changesAllowed()) < -Math.log(settings.alphaPass())) {
        missing.add("that output '" + outputs.get(i).name() + "' says something else in more than " + Words.percent(settings.changesAllowed()) + " is neither shown nor excluded: "
            + Words.number(changes(i).first()) + " of " + Words.number(counts.total()));
      }
    }
    shifts.stream().filter(shift -> !isNear(shift)).map(this::open).forEach(missing::add);
    return missing;
  }

  private boolean isNear(PairCounts shift) {
    return shift.parts().stream().allMatch(part -> PairedTest.areNear(part.pairs(), settings.shiftAllowed(), settings.alphaPass()));
  }

  private String open(PairCounts shift) {
    return "that output '" + shift.output() + "' shifts by more than " + Words.percent(settings.shiftAllowed()) + " of the answers is neither shown nor excluded";
  }

  private List<StreamStanding> streams() {
    var streams = new ArrayList<StreamStanding>();
    Interval interval = PairedTest.interval(counts.changes(), settings.alpha());
    streams.add(new StreamStanding("changes", Stream.evidence(changes()), counts.changes().estimate(), interval.low(), interval.high()));
    shifts.stream().filter(shift -> !shift.parts().isEmpty()).map(this::standing).forEach(streams::add);
    outputs.stream().filter(ShadowOutput::isNoisy).map(output -> output.standing(counts.triples(), settings.alpha())).forEach(streams::add);
    return streams;
  }

  private StreamStanding standing(PairCounts shift) {
    Pairs pairs = foremost(shift).pairs();
    Interval interval = PairedTest.interval(pairs, settings.alpha());
    String name = (shift.isOfLabels() ? "label:" : "score:") + shift.output();
    return new StreamStanding(name, Stream.evidence(logEvidence(shift)), pairs.estimate(), interval.low(), interval.high());
  }

  private String words() {
    return "of " + Words.number(counts.total()) + " mirrored requests " + Words.number(counts.different()) + " are answered differently, " + Words.number(counts.changes().first())
        + " of them with another label, another winner, in another form or not at all, and " + Words.number(counts.failed()) + " failed";
  }
}
