package dev.faultline.rollout.judge;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Decides about a shadow from answers of both versions to the same requests.
///
/// - A request that the candidate fails or answers in another form (an output missing, of another type or shape, a number that is not finite), again and again while the baseline agrees
///   with itself, is a fact: FAIL.
/// - Answers that say something else (another label or winner), and failures that were not repeated, may be `changesAllowed` of all. More is FAIL, proven less is PASS, both by
///   e-processes that may be read at any time.
/// - Scores that only differ are counted and shown. That is what retraining does, and no fault.
public final class ShadowJudge {
  /// The first mirrored requests, for all of which the baseline is asked twice; later one in `NOISE_EVERY` is.
  static final int NOISE_FIRST = 200;
  static final int NOISE_EVERY = 20;
  static final int CONFIRMATIONS_MAX = 64;
  static final int OUTPUTS_MAX = 64;

  private final ShadowSettings settings;
  private final Instant startedAt;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ShadowStanding.Output> outputs = new LinkedHashMap<>();
  private long total;
  private long different;
  private long failed;
  private long changed;
  private long triples;
  private long noisy;
  private long reproduced;
  private long asked;
  private double noiseFloor;

  public ShadowJudge(ShadowSettings settings, Instant startedAt) {
    this.settings = settings;
    this.startedAt = startedAt;
  }

  /// A judge that goes on where another stopped.
  public static ShadowJudge restore(ShadowSettings settings, ShadowState state) {
    var judge = new ShadowJudge(settings, Instant.ofEpochMilli(state.startedAtMillis()));
    judge.noiseFloor = state.noiseFloor();
    state.outputs().forEach(output -> judge.outputs.put(output.name(), new ShadowStanding.Output(output.name(), output.counts().getFirst(), output.maxAbsError())));
    if (state.counts().size() == 8) {
      judge.restore(state.counts());
    }
    return judge;
  }

  private void restore(List<Long> counts) {
    total = counts.get(0);
    different = counts.get(1);
    failed = counts.get(2);
    changed = counts.get(3);
    triples = counts.get(4);
    noisy = counts.get(5);
    reproduced = counts.get(6);
    asked = counts.get(7);
  }

  /// Whether the baseline should be asked a second time for the next mirrored request, so that its own noise is known: for the first ones always, later
  /// for a few, or for all while the baseline does not agree with itself. Not for requests that may not be sent twice.
  public boolean wantsTriple() {
    lock.lock();
    try {
      return triples < NOISE_FIRST || noisy > 0 || total % NOISE_EVERY == 0;
    } finally {
      lock.unlock();
    }
  }

  /// One mirrored request.
  public ShadowStep observe(ShadowAnswer answer) {
    lock.lock();
    try {
      total++;
      boolean isBroken = switch (answer) {
        case ShadowAnswer.Failed _ -> failed();
        case ShadowAnswer.Pair pair -> compared(pair.candidate(), false);
        case ShadowAnswer.Triple triple -> compared(triple.candidate(), noise(triple.noise()));
      };
      return isBroken ? confirm() : ShadowStep.NOTHING;
    } finally {
      lock.unlock();
    }
  }

  private ShadowStep confirm() {
    if (reproduced > 0 || asked >= CONFIRMATIONS_MAX) {
      return ShadowStep.NOTHING;
    }
    asked++;
    return ShadowStep.CONFIRM;
  }

  private boolean failed() {
    failed++;
    changed++;
    return true;
  }

  /// Whether the baseline said something else the second time.
  private boolean noise(Comparison noise) {
    triples++;
    noisy += noise.isSame() ? 0 : 1;
    noiseFloor = Math.max(noiseFloor, noise.absoluteMax());
    return noise.saysOtherwise();
  }

  private boolean compared(Comparison candidate, boolean isNoise) {
    different += candidate.isSame() ? 0 : 1;
    candidate.differences().stream().map(Difference::output).distinct().forEach(output -> count(output, candidate));
    changed += !isNoise && candidate.saysOtherwise() ? 1 : 0;
    return !isNoise && candidate.isBroken();
  }

  private void count(String output, Comparison comparison) {
    if (outputs.containsKey(output) || outputs.size() < OUTPUTS_MAX) {
      double error = comparison.differences().stream().filter(difference -> difference.output().equals(output)).mapToDouble(ShadowJudge::error).max().orElse(0);
      outputs.merge(
          output,
          new ShadowStanding.Output(output, 1, error),
          (old, one) -> new ShadowStanding.Output(output, old.different() + 1, Math.max(old.maxAbsError(), one.maxAbsError())));
    }
  }

  private static double error(Difference difference) {
    return difference instanceof Difference.OtherNumbers numbers && Double.isFinite(numbers.absolute()) ? numbers.absolute() : 0;
  }

  /// What repeating gave, after `observe` asked for it with the same answer.
  public void confirmed(ShadowAnswer answer, Confirmation confirmation) {
    lock.lock();
    try {
      reproduced += confirmation == Confirmation.REPRODUCED ? 1 : 0;
    } finally {
      lock.unlock();
    }
  }

  public ShadowStanding standing(Instant now) {
    lock.lock();
    try {
      return new ShadowStanding(total, different, failed, noiseFloor, List.copyOf(outputs.values()), judgement(now));
    } finally {
      lock.unlock();
    }
  }

  private Judgement judgement(Instant now) {
    double worse = logEvidence(settings.changesAllowed(), true);
    var stream = new StreamStanding("changes", Stream.evidence(worse), total == 0 ? 0 : (double) changed / total, bound(true), bound(false));
    if (reproduced > 0) {
      return new Judgement(Verdict.FAIL, true, List.of("a mirrored request that the baseline serves fails, or is answered in another form, each time it is repeated; " + counts()), List.of(stream));
    }
    if (worse >= -Math.log(settings.alpha())) {
      return new Judgement(Verdict.FAIL, true, List.of("more answers say something else than the " + Words.percent(settings.changesAllowed()) + " that may: " + counts()), List.of(stream));
    }
    List<String> missing = missing(now);
    if (missing.isEmpty()) {
      return new Judgement(Verdict.PASS, true, List.of("fewer answers say something else than the " + Words.percent(settings.changesAllowed()) + " that may: " + counts()), List.of(stream));
    }
    return new Judgement(Verdict.INCONCLUSIVE, !now.isBefore(startedAt.plus(settings.timeMax())), missing, List.of(stream));
  }

  private List<String> missing(Instant now) {
    var missing = new ArrayList<String>();
    Duration passed = Duration.between(startedAt, now);
    if (total < settings.requestsMin()) {
      missing.add(Words.number(total) + " mirrored requests (expected: " + Words.number(settings.requestsMin()) + " or more)");
    }
    if (passed.compareTo(settings.timeMin()) < 0) {
      missing.add(Words.duration(passed) + " since the start (expected: " + Words.duration(settings.timeMin()) + " or more)");
    }
    if (logEvidence(settings.changesAllowed(), false) < -Math.log(settings.alphaPass())) {
      missing.add("that more than " + Words.percent(settings.changesAllowed()) + " of the answers say something else is neither shown nor excluded: " + counts());
    }
    return missing;
  }

  private String counts() {
    return "of " + Words.number(total) + " mirrored requests " + Words.number(different) + " are answered differently, " + Words.number(changed)
        + " of them with another label, another winner, in another form or not at all, and " + Words.number(failed) + " failed";
  }

  /// A mean of likelihood ratios against the rate `limit`, over rates above (or below) it.
  private double logEvidence(double limit, boolean above) {
    double[] logs = new double[40];
    for (int i = 0; i < logs.length; i++) {
      double part = (i + .5) / logs.length;
      double rate = above ? limit + (1 - limit) * part * part : limit * part;
      logs[i] = changed * Math.log(rate / limit) + (total - changed) * Math.log((1 - rate) / (1 - limit));
    }
    return LogSum.of(logs) - Math.log(logs.length);
  }

  /// Up to where (from where) the rate of changes is refuted.
  private double bound(boolean low) {
    double from = 0;
    double to = 1;
    for (int i = 0; i < 20; i++) {
      double middle = (from + to) / 2;
      boolean isRefuted = logEvidence(middle, low) >= -Math.log(settings.alpha() / 2);
      boolean goesUp = low == isRefuted;
      from = goesUp ? middle : from;
      to = goesUp ? to : middle;
    }
    return low ? from : to;
  }

  public ShadowState snapshot() {
    lock.lock();
    try {
      List<ShadowState.Output> kept = outputs.values().stream().map(output -> new ShadowState.Output(output.name(), List.of(output.different()), output.maxAbsError())).toList();
      return new ShadowState(startedAt.toEpochMilli(), List.of(total, different, failed, changed, triples, noisy, reproduced, asked), noiseFloor, kept, List.of());
    } finally {
      lock.unlock();
    }
  }
}
