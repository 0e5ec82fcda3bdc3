package dev.faultline.rollout.judge;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CanaryJudgeTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = START.plus(Duration.ofMinutes(11));
  private static final Instant END = START.plus(Duration.ofHours(3));

  private final CanaryJudge judge = new CanaryJudge(JudgeSettings.DEFAULT, START);

  @Test
  void aVersionWithoutFaultsPassesWithTheSmallestSample() {
    serve(Arm.CANDIDATE, 499);
    serve(Arm.BASELINE, 501);
    assertThat(judge.judge(LATER).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(judge.judge(LATER).reasons()).anyMatch(reason -> reason.startsWith("499 requests of the candidate"));
    serve(Arm.CANDIDATE, 1);
    assertThat(judge.judge(START.plusSeconds(60)).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(judge.judge(LATER).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void aNewKindOfFaultFailsACandidateAndTheReasonNamesIt() {
    serve(Arm.BASELINE, 400);
    serve(Arm.CANDIDATE, 380);
    fault(Arm.CANDIDATE, "check.nonfinite", 20, "");
    Judgement judgement = judge.judge(START.plusSeconds(60));
    assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judgement.settled()).isTrue();
    assertThat(judgement.reasons()).anyMatch(reason -> reason.startsWith("faults in group check.nonfinite: 20 of 400 requests of the candidate, 0 of 400 of the baseline; at least "));
  }

  @Test
  void withoutEvidenceItEndsInconclusiveAndSaysWhatToDo() {
    serve(Arm.CANDIDATE, 20);
    Judgement judgement = judge.judge(END);
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(judgement.settled()).isTrue();
    assertThat(judgement.reasons().getFirst()).startsWith("the longest time, 2 h, is over");
  }

  @Test
  void faultsThatTheRequestCausedDoNotCount() {
    for (int i = 0; i < 3_000; i++) {
      serve(Arm.BASELINE, 1);
      serve(Arm.CANDIDATE, 1);
    }
    fault(Arm.CANDIDATE, "infer.node_failed", 60, "");
    assertThat(judge.judge(LATER).verdict()).isEqualTo(Verdict.FAIL);
    judge.exclude("infer.node_failed");
    assertThat(judge.judge(LATER).verdict()).isEqualTo(Verdict.PASS);
  }

  @Test
  void retriesOfOneKeyAreOneFaultAndKeepItFromPassing() {
    serve(Arm.BASELINE, 600);
    serve(Arm.CANDIDATE, 600);
    fault(Arm.CANDIDATE, "infer.node_failed", 200, "one client");
    assertThat(judge.judge(LATER).verdict()).isEqualTo(Verdict.INCONCLUSIVE);
  }

  @Test
  void triesOfOneRequestWithoutAKeyAreOneFault() {
    serve(Arm.BASELINE, 600);
    serve(Arm.CANDIDATE, 600);
    IntStream.range(0, 200).forEach(i -> judge.observe(new Observation(Arm.CANDIDATE, .5, START.plusMillis(500L * i), "infer.node_failed", 5, List.of(), "id " + i, "10.0.0.1 300 77")));
    Judgement judgement = judge.judge(LATER);
    assertThat(judgement.verdict()).isEqualTo(Verdict.INCONCLUSIVE);
    assertThat(judgement.streams()).noneMatch(stream -> stream.eValue() > 10);
  }

  @Test
  void aRareSlowTailIsNotPassedWithTheSmallestSample() {
    for (int i = 0; i < 12_000; i++) {
      Arm arm = i % 10 == 0 ? Arm.CANDIDATE : Arm.BASELINE;
      boolean isSlow = arm == Arm.CANDIDATE && i % 500 == 0;
      judge.observe(new Observation(arm, .1, START, "", isSlow ? 300 : 20 + i % 37 * .5, List.of(), ""));
    }
    Judgement judgement = judge.judge(LATER);
    assertThat(judgement.verdict()).isNotEqualTo(Verdict.PASS);
    assertThat(judge.verdict(LATER)).isEqualTo(judgement.verdict());
    if (judgement.verdict() == Verdict.INCONCLUSIVE) {
      assertThat(judgement.reasons()).anyMatch(reason -> reason.contains("slower than the baseline's p999 allows"));
    }
  }

  @Test
  void aStateRestoredJudgesAsBefore() {
    serve(Arm.BASELINE, 300);
    serve(Arm.CANDIDATE, 300);
    fault(Arm.CANDIDATE, "a", 4, "k");
    fault(Arm.BASELINE, "b", 3, "");
    judge.exclude("c");
    CanaryJudge again = CanaryJudge.restore(JudgeSettings.DEFAULT, judge.snapshot());
    assertThat(again.snapshot()).isEqualTo(judge.snapshot());
    assertThat(again.judge(LATER)).isEqualTo(judge.judge(LATER));
  }

  @Test
  void aSlowerCandidateFailsAndOneThatIsHardlySlowerDoesNot() {
    for (int i = 0; i < 2_000; i++) {
      judge.observe(new Observation(i % 2 == 0 ? Arm.BASELINE : Arm.CANDIDATE, .5, START, "", (i % 2 == 0 ? 20 : 40) + i % 37 * .5, List.of(), ""));
    }
    Judgement judgement = judge.judge(LATER);
    assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judgement.reasons().getFirst()).startsWith("latency above what the baseline's p");
  }

  @Test
  void anotherDistributionOfLabelsFailsBeyondTheLimitOnly() {
    assertThat(labels(60, 63).judge(LATER).verdict()).isEqualTo(Verdict.PASS);
    Judgement judgement = labels(60, 95).judge(LATER);
    assertThat(judgement.verdict()).isEqualTo(Verdict.FAIL);
    assertThat(judgement.reasons().getFirst()).startsWith("output 'label' says '");
  }

  @Test
  void memoryIsBounded() {
    IntStream.range(0, 2_000).forEach(i -> fault(Arm.BASELINE, "group " + i, 1, "key " + i));
    IntStream.range(0, 100).forEach(i -> judge.observe(new Observation(Arm.BASELINE, i / 100.0, START, "", 1, List.of(), "")));
    JudgeState state = judge.snapshot();
    assertThat(state.tallies().stream().filter(tally -> tally.kind() == JudgeState.Kind.FAULTS)).hasSize(FaultCounts.GROUPS_MAX + 1);
    assertThat(state.shares()).hasSize(SharesSeen.MAX);
    assertThat(state.overlooked()).isPositive();
    assertThat(state.keys().size()).isLessThanOrEqualTo(FaultyKeys.MAX);
  }

  private static CanaryJudge labels(int baseline, int candidate) {
    var judge = new CanaryJudge(JudgeSettings.DEFAULT, START);
    for (int i = 0; i < 6_000; i++) {
      Arm arm = i % 2 == 0 ? Arm.BASELINE : Arm.CANDIDATE;
      String label = i / 2 % 100 < (arm == Arm.BASELINE ? baseline : candidate) ? "yes" : "no";
      judge.observe(new Observation(arm, .5, START, "", 5, List.of(new OutputFact.Label("label", label)), ""));
    }
    return judge;
  }

  private void serve(Arm arm, int times) {
    IntStream.range(0, times).forEach(_ -> judge.observe(new Observation(arm, .5, START, "", 5, List.of(), "")));
  }

  private void fault(Arm arm, String group, int times, String key) {
    IntStream.range(0, times).forEach(_ -> judge.observe(new Observation(arm, .5, START, group, 5, List.of(), key)));
  }
}
