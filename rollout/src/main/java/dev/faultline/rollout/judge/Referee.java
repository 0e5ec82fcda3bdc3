package dev.faultline.rollout.judge;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads a verdict from what was counted.
///
/// - FAIL: the evidence that the candidate is worse, all streams together, is at least `1 / alpha`.
/// - PASS: harm is excluded (see [JudgeSettings]), and a slow tail ([Tail]), the smallest sample and the shortest time are there, and no stream gives reason to doubt.
/// - INCONCLUSIVE: neither. After the longest time it stays so.
final class Referee {
  /// Evidence of one stream from which on a candidate is not passed, although it is not enough to fail it.
  static final double DOUBT = 10;
  private static final int REASONS_MAX = 5;

  private final JudgeSettings settings;
  private final JudgeState state;
  private final Streams streams;
  private final Harm harm;
  private final Tail tail;
  private final List<Stream> bySuspicion;
  private final double logEvidence;

  Referee(JudgeSettings settings, JudgeState state) {
    this.settings = settings;
    this.state = state;
    streams = new Streams(settings, state);
    harm = new Harm(settings, streams);
    tail = new Tail(settings, streams);
    bySuspicion = streams.all().stream().sorted(Comparator.comparingDouble(Stream::logWeighted).reversed()).toList();
    double unspent = 1 - bySuspicion.stream().mapToDouble(Stream::weight).sum();
    logEvidence = LogSum.of(LogSum.of(bySuspicion.stream().mapToDouble(Stream::logWeighted).toArray()), Math.log(Math.max(unspent, 0)));
  }

  /// The verdict alone, without the bounds of each stream, which cost more than all else.
  Verdict verdict(Instant now) {
    return logEvidence >= -Math.log(settings.alpha()) ? Verdict.FAIL : missing(now).isEmpty() ? Verdict.PASS : Verdict.INCONCLUSIVE;
  }

  Judgement judge(Instant now) {
    if (logEvidence >= -Math.log(settings.alpha())) {
      return judgement(Verdict.FAIL, true, accusations());
    }
    List<String> missing = missing(now);
    return missing.isEmpty() ? judgement(Verdict.PASS, true, List.of(harm.sentence() + " is excluded: " + harm.counts())) : inconclusive(now, missing);
  }

  private Judgement inconclusive(Instant now, List<String> missing) {
    boolean isOver = !now.isBefore(startedAt().plus(settings.timeMax()));
    var reasons = new ArrayList<String>();
    if (isOver) {
      reasons.add("the longest time, " + Words.duration(settings.timeMax()) + ", is over without enough evidence; start again with a larger share, more time, or a smaller sample");
    }
    reasons.addAll(missing);
    return judgement(Verdict.INCONCLUSIVE, isOver, reasons);
  }

  private Judgement judgement(Verdict verdict, boolean isSettled, List<String> reasons) {
    return new Judgement(verdict, isSettled, reasons, bySuspicion.stream().map(stream -> stream.standing(settings.alpha())).toList());
  }

  private Instant startedAt() {
    return Instant.ofEpochMilli(state.startedAtMillis());
  }

  /// Streams that would be enough by themselves; when only all together are, the foremost.
  private List<String> accusations() {
    List<Stream> alone = bySuspicion.stream().filter(stream -> stream.logWeighted() >= -Math.log(settings.alpha())).limit(REASONS_MAX).toList();
    return (alone.isEmpty() ? bySuspicion.subList(0, 1) : alone).stream().map(stream -> stream.sentence(settings.alpha())).toList();
  }

  /// What a PASS lacks.
  private List<String> missing(Instant now) {
    var missing = new ArrayList<String>();
    bySuspicion.stream()
        .max(Comparator.comparingDouble(Stream::logEvidence))
        .filter(stream -> stream.logEvidence() >= Math.log(DOUBT))
        .ifPresent(stream -> missing.add("not enough to fail, too much to pass: " + stream.sentence(settings.alpha())));
    if (streams.requests().candidate() < settings.requestsMin()) {
      missing.add(Words.number(streams.requests().candidate()) + " requests of the candidate (expected: " + Words.number(settings.requestsMin()) + " or more)");
    }
    Duration passed = Duration.between(startedAt(), now);
    if (passed.compareTo(settings.timeMin()) < 0) {
      missing.add(Words.duration(passed) + " since the start (expected: " + Words.duration(settings.timeMin()) + " or more)");
    }
    if (!harm.isExcluded()) {
      missing.add(harm.sentence() + " is not excluded yet: " + harm.counts());
    }
    missing.addAll(tail.open());
    if (state.overlooked() > 0) {
      missing.add(Words.number(state.overlooked()) + " observations found no room: the share was changed more often than " + SharesSeen.MAX + " times");
    }
    return missing;
  }
}
