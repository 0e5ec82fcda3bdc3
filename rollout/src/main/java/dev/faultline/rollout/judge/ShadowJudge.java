package dev.faultline.rollout.judge;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import dev.faultline.rollout.judge.PairedTest.Pairs;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// Decides about a shadow from answers of both versions to the same requests.
///
/// - A request that the candidate fails or answers in another form (an output missing, of another type or shape, a number that is not finite), again and again while the baseline agrees
///   with itself, is a fact: FAIL.
/// - Answers that say something else (another label or winner), and failures that were not repeated, may be `changesAllowed` more than those on which the baseline's own second answer does,
///   in all and in each output. More is FAIL, proven less is PASS, by e-processes that may be read at any time ([PairedTest]).
/// - The share of answers with a label, or with a score at or below a decile of the baseline's, may move by `shiftAllowed`; the same.
/// - Scores that only differ are counted and shown, and where the baseline differs from itself, whether they do so by more than that ([SignTest]). That is what retraining does, and no fault.
///
/// How the verdict comes about: [ShadowReferee].
public final class ShadowJudge {
  /// The first mirrored requests, for all of which the baseline is asked twice; later one in `NOISE_EVERY` is.
  static final int NOISE_FIRST = 200;
  static final int NOISE_EVERY = 20;
  static final int CONFIRMATIONS_MAX = 64;
  static final int OUTPUTS_MAX = 64;
  /// Outputs whose labels or scores are followed.
  static final int SHIFTS_MAX = 8;
  private static final int COUNTS = 10;

  private final ShadowSettings settings;
  private final Instant startedAt;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ShadowOutput> outputs = new LinkedHashMap<>();
  private final Map<String, PairCounts> shifts = new LinkedHashMap<>();
  private Pairs changes = Pairs.NONE;
  private long total;
  private long different;
  private long failed;
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
    state.outputs().forEach(output -> judge.outputs.put(output.name(), ShadowOutput.of(output)));
    state.shifts().forEach(shift -> judge.shifts.put(shift.output(), PairCounts.of(shift)));
    if (state.counts().size() == COUNTS) {
      judge.restore(state.counts());
    }
    return judge;
  }

  private void restore(List<Long> counts) {
    total = counts.get(0);
    different = counts.get(1);
    failed = counts.get(2);
    changes = new Pairs(counts.get(3), counts.get(4), counts.get(5));
    triples = counts.get(6);
    noisy = counts.get(7);
    reproduced = counts.get(8);
    asked = counts.get(9);
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
        case ShadowAnswer.Pair pair -> pair(pair);
        case ShadowAnswer.Triple triple -> triple(triple);
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
    changes = changes.and(true, false);
    return true;
  }

  private boolean pair(ShadowAnswer.Pair pair) {
    outputs(pair.candidate()).forEach(output -> output.says(output.saysOtherwise(pair.candidate()), false));
    return compared(pair.candidate(), false, pair.answered(), pair.baseline());
  }

  private boolean triple(ShadowAnswer.Triple triple) {
    Comparison noise = triple.noise();
    triples++;
    noisy += noise.isSame() ? 0 : 1;
    noiseFloor = Math.max(noiseFloor, noise.absoluteMax());
    outputs(triple.exact(), noise).forEach(output -> output.triple(triple.exact(), noise));
    outputs(triple.candidate(), noise).forEach(output -> output.says(output.saysOtherwise(triple.candidate()), output.saysOtherwise(noise)));
    return compared(triple.candidate(), noise.saysOtherwise(), triple.answered(), triple.baseline());
  }

  private boolean compared(Comparison candidate, boolean isNoise, List<OutputFact> answered, List<OutputFact> baseline) {
    different += candidate.isSame() ? 0 : 1;
    outputs(candidate).forEach(output -> output.differs(candidate));
    changes = changes.and(candidate.saysOtherwise(), isNoise);
    baseline.forEach(fact -> answered.stream().filter(each -> each.output().equals(fact.output())).findFirst().ifPresent(each -> shift(each, fact)));
    return !isNoise && candidate.isBroken();
  }

  private void shift(OutputFact candidate, OutputFact baseline) {
    if (shifts.containsKey(baseline.output()) || shifts.size() < SHIFTS_MAX) {
      shifts.computeIfAbsent(baseline.output(), PairCounts::new).add(candidate, baseline);
    }
  }

  /// Outputs in which some of these differ.
  private List<ShadowOutput> outputs(Comparison... comparisons) {
    return Arrays.stream(comparisons)
        .flatMap(each -> each.differences().stream())
        .map(Difference::output)
        .distinct()
        .filter(name -> outputs.containsKey(name) || outputs.size() < OUTPUTS_MAX)
        .map(name -> outputs.computeIfAbsent(name, ShadowOutput::new))
        .toList();
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
      return new ShadowStanding(total, different, failed, noiseFloor, outputs.values().stream().map(ShadowOutput::standing).toList(), referee().judge(now));
    } finally {
      lock.unlock();
    }
  }

  /// The verdict alone, for who looks often.
  public Verdict verdict(Instant now) {
    lock.lock();
    try {
      return referee().verdict(now);
    } finally {
      lock.unlock();
    }
  }

  private ShadowReferee referee() {
    var counts = new ShadowReferee.Counts(total, different, failed, triples, reproduced, changes);
    return new ShadowReferee(settings, startedAt, counts, List.copyOf(outputs.values()), List.copyOf(shifts.values()));
  }

  public ShadowState snapshot() {
    lock.lock();
    try {
      var counts = List.of(total, different, failed, changes.first(), changes.neither(), changes.second(), triples, noisy, reproduced, asked);
      return new ShadowState(
          startedAt.toEpochMilli(), counts, noiseFloor, outputs.values().stream().map(ShadowOutput::state).toList(), shifts.values().stream().map(PairCounts::state).toList());
    } finally {
      lock.unlock();
    }
  }
}
