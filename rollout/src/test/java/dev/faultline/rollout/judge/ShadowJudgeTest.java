package dev.faultline.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ShadowJudgeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = START.plusSeconds(660);
  private static final Comparison SAME = new Comparison(List.of(), 2, 0);
  private static final Difference SCORE = new Difference.OtherNumbers("score", List.of(0L), "0.5", "0.51", .01, .02, 1, 1);
  private static final Difference LABEL = new Difference.OtherLabels("label", List.of(0L), "yes", "no", 1, 1);

  private final ShadowJudge judge = new ShadowJudge(ShadowSettings.DEFAULT, START);

  @Test
  void aRetrainedVersionWhoseScoresAllDifferIsNotAccused() {
    IntStream.range(0, 980).forEach(_ -> observe(SCORE));
    IntStream.range(0, 20).forEach(_ -> observe(SCORE, LABEL));
    ShadowStanding standing = judge.standing(LATER);
    assertThat(standing.judgement().verdict()).isEqualTo(Verdict.PASS);
    assertThat(standing.different()).isEqualTo(1_000);
    assertThat(standing.outputs()).contains(new ShadowStanding.Output("score", 1_000, .01));
  }

  @Test
  void manyOtherLabelsFailIt() {
    IntStream.range(0, 400).forEach(i -> observe(i % 5 == 0 ? LABEL : SCORE));
    assertThat(judge.standing(LATER).judgement().verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void oneMissingOutputThatIsReproducedIsAFact() {
    var answer = new ShadowAnswer.Pair(new Comparison(List.of(new Difference.Missing("score")), 0, 0), List.of(), List.of());
    assertThat(judge.observe(answer)).isEqualTo(ShadowStep.CONFIRM);
    judge.confirmed(answer, Confirmation.NOT_REPRODUCED);
    assertThat(judge.standing(LATER).judgement().verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    judge.confirmed(answer, Confirmation.REPRODUCED);
    assertThat(judge.standing(LATER).judgement().verdict()).isEqualTo(Verdict.FAIL);
  }

  @Test
  void whatTheBaselineDoesToItselfIsNoChange() {
    var other = new Comparison(List.of(LABEL), 1, 0);
    IntStream.range(0, 600).forEach(_ -> judge.observe(new ShadowAnswer.Triple(other, other, other, List.of(), List.of())));
    assertThat(judge.standing(LATER).judgement().verdict()).isEqualTo(Verdict.PASS);
    assertThat(judge.wantsTriple()).isTrue();
  }

  @Test
  void noiseOfBothIsNoChangeEvenWhereTheyDoNotCoincide() {
    var random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      triple(random.nextDouble() < .2 ? LABEL : null, random.nextDouble() < .2 ? LABEL : null);
    }
    assertThat(judge.standing(LATER).judgement().verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void aNoisyCandidateThatSaysSomethingElseMoreOftenFails() {
    var random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      triple(random.nextDouble() < .4 ? LABEL : null, random.nextDouble() < .2 ? LABEL : null);
    }
    Judgement judgement = judge.standing(LATER).judgement();
    assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judgement.reasons().getFirst()).startsWith("more answers say something else than the 5.0 % that may");
  }

  @Test
  void scoresFurtherOffThanTheBaselinesOwnNoiseAreToldAndNoFault() {
    var random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      Comparison noise = score(random.nextDouble() * .01);
      Comparison exact = score(random.nextDouble() * .02);
      judge.observe(new ShadowAnswer.Triple(SAME, exact, noise, List.of(), List.of()));
    }
    Judgement judgement = judge.standing(LATER).judgement();
    assertThat(judgement.verdict()).isEqualTo(Verdict.PASS);
    assertThat(judgement.reasons()).anyMatch(reason -> reason.startsWith("output 'score' differs by more than the baseline differs from itself"));
    assertThat(judgement.streams()).anyMatch(stream -> stream.name().equals("noise:score") && stream.eValue() > 1_000 && stream.estimate() > .2);
  }

  @Test
  void scoresThatMoveAsAWholeFailAndALittleOfThatPasses() {
    assertThat(moved(0).verdict()).isEqualTo(Verdict.PASS);
    assertThat(moved(.1).verdict()).isEqualTo(Verdict.PASS);
    Judgement judgement = moved(1);
    assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judgement.reasons().getFirst()).startsWith("output 'price' lies at or below the baseline's decile ");
  }

  private Judgement moved(double deviations) {
    var shadow = new ShadowJudge(ShadowSettings.DEFAULT, START);
    var random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      double price = random.nextGaussian();
      shadow.observe(new ShadowAnswer.Pair(SAME, List.of(new OutputFact.Score("price", price)), List.of(new OutputFact.Score("price", price + deviations))));
    }
    return shadow.standing(LATER).judgement();
  }

  private static Comparison score(double off) {
    return new Comparison(List.of(new Difference.OtherNumbers("score", List.of(0L), "0.5", "0.51", off, off, 1, 1)), 2, off);
  }

  private void triple(@Nullable Difference candidate, @Nullable Difference noise) {
    Comparison of = comparison(candidate);
    judge.observe(new ShadowAnswer.Triple(of, of, comparison(noise), List.of(), List.of()));
  }

  private static Comparison comparison(@Nullable Difference difference) {
    return new Comparison(difference == null ? List.of() : List.of(difference), 2, 0);
  }

  @Test
  void aStateRestoredJudgesAsBefore() {
    IntStream.range(0, 300).forEach(i -> judge.observe(
        new ShadowAnswer.Pair(SAME, List.of(new OutputFact.Score("price", i)), List.of(new OutputFact.Score("price", i + 2)))));
    IntStream.range(0, 300).forEach(i -> observe(i % 9 == 0 ? LABEL : SCORE));
    judge.observe(new ShadowAnswer.Failed("infer.crashed"));
    judge.observe(new ShadowAnswer.Pair(SAME, List.of(), List.of()));
    ShadowJudge again = ShadowJudge.restore(ShadowSettings.DEFAULT, judge.snapshot());
    assertThat(again.standing(LATER)).isEqualTo(judge.standing(LATER));
  }

  private void observe(Difference... differences) {
    judge.observe(new ShadowAnswer.Pair(new Comparison(List.of(differences), 2, .01), List.of(), List.of()));
  }
}
