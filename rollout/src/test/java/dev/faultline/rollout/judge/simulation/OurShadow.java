package dev.faultline.rollout.judge.simulation;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import dev.faultline.compare.Mismatch;
import dev.faultline.compare.Tolerance;
import dev.faultline.rollout.judge.Confirmation;
import dev.faultline.rollout.judge.OutputFact;
import dev.faultline.rollout.judge.ShadowAnswer;
import dev.faultline.rollout.judge.ShadowJudge;
import dev.faultline.rollout.judge.ShadowSettings;
import dev.faultline.rollout.judge.ShadowStep;
import dev.faultline.rollout.judge.Verdict;
import dev.faultline.tensor.DataType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The shadow's judge of this product, fed as its runner does. As a rule of its own it can also be read for what it only tells: that requests differ where others do not, or that an output
/// differs by more than its noise.
final class OurShadow implements ShadowRule {
  private static final Instant LATE = Scenario.START.plusSeconds(3_600);
  private static final int LOOKED_AT_EVERY = 20;
  private static final List<String> NAMES = IntStream.range(0, 40).mapToObj(i -> "f" + i).toList();
  private static final List<String> WORDS = IntStream.range(0, 10).mapToObj(String::valueOf).toList();

  private final ShadowScenario scenario;
  private final ShadowJudge judge = new ShadowJudge(ShadowSettings.DEFAULT, Scenario.START);
  private double noiseFloor;
  private long requests;
  private long differing;
  private long agreeing;
  private Verdict verdict = Verdict.INCONCLUSIVE;

  OurShadow(ShadowScenario scenario) {
    this.scenario = scenario;
  }

  @Override
  public String name() {
    return "Faultline";
  }

  @Override
  public void observe(ShadowScenario.Answers answers) {
    ShadowAnswer answer = answer(answers);
    if (judge.observe(answer) == ShadowStep.CONFIRM) {
      judge.confirmed(answer, answers.failed() ? Confirmation.REPRODUCED : Confirmation.NOT_REPRODUCED);
    }
    requests++;
    if (verdict == Verdict.INCONCLUSIVE && requests % LOOKED_AT_EVERY == 0) {
      verdict = judge.verdict(LATE);
    }
  }

  private ShadowAnswer answer(ShadowScenario.Answers answers) {
    if (answers.failed()) {
      differing++;
      return new ShadowAnswer.Failed("infer.failed");
    }
    boolean isTriple = judge.wantsTriple();
    Comparison noise = compare(answers.baseline(), answers.again(), Tolerance.ROUNDING);
    noiseFloor = isTriple ? Math.max(noiseFloor, noise.absoluteMax()) : noiseFloor;
    Comparison candidate = compare(answers.baseline(), answers.candidate(), Mismatch.ALLOWED.withNoiseFloor(noiseFloor));
    differing += candidate.isSame() ? 0 : 1;
    agreeing += candidate.isSame() ? 1 : 0;
    List<OutputFact> facts = facts(answers.baseline());
    List<OutputFact> answered = facts(answers.candidate());
    return isTriple
        ? new ShadowAnswer.Triple(candidate, compare(answers.baseline(), answers.candidate(), Tolerance.ROUNDING), noise, facts, answered)
        : new ShadowAnswer.Pair(candidate, facts, answered);
  }

  private List<OutputFact> facts(ShadowScenario.Numbers numbers) {
    var facts = new ArrayList<OutputFact>();
    for (int i = 0; i < Math.min(8, scenario.fields()); i++) {
      facts.add(scenario.isOfLabels() ? new OutputFact.Label(NAMES.get(i), word(numbers.of(i))) : new OutputFact.Score(NAMES.get(i), numbers.of(i)));
    }
    return facts;
  }

  private static String word(double label) {
    return WORDS.get((int) label);
  }

  private Comparison compare(ShadowScenario.Numbers expected, ShadowScenario.Numbers actual, Tolerance tolerance) {
    var differences = new ArrayList<Difference>();
    double most = 0;
    for (int i = 0; i < scenario.fields(); i++) {
      double one = expected.of(i);
      double other = actual.of(i);
      if (scenario.isOfLabels()) {
        if (one != other) {
          differences.add(new Difference.OtherLabels(NAMES.get(i), List.of(0L), word(one), word(other), 1, 1));
        }
      } else {
        most = Math.max(most, Math.abs(one - other));
        if (!tolerance.accepts(one, other, DataType.FP64)) {
          differences.add(new Difference.OtherNumbers(NAMES.get(i), List.of(0L), "", "", Math.abs(one - other), 0, 1, 1));
        }
      }
    }
    return new Comparison(differences, scenario.fields(), most);
  }

  @Override
  public boolean accuses() {
    return verdict == Verdict.FAIL;
  }

  /// Without noise a difference is one as soon as others agree; with it an output must lie further off than by chance.
  boolean isTold() {
    var standing = judge.standing(LATE);
    List<Double> evidence = standing.judgement().streams().stream().filter(stream -> stream.name().startsWith("noise:")).map(stream -> stream.eValue()).toList();
    return evidence.isEmpty()
        ? differing >= 3 && agreeing >= 10
        : evidence.stream().anyMatch(value -> value >= Math.max(1, standing.outputs().size()) / .05);
  }

  @Override
  public boolean passes() {
    return verdict == Verdict.PASS;
  }

  /// The same judge, read for what it tells.
  ShadowRule teller() {
    return new ShadowRule() {
      @Override
      public String name() {
        return "Faultline tells";
      }

      @Override
      public void observe(ShadowScenario.Answers answers) {
        // the judge has seen them
      }

      @Override
      public boolean accuses() {
        return isTold();
      }

      @Override
      public boolean passes() {
        return false;
      }
    };
  }
}
