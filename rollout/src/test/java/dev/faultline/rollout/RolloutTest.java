package dev.faultline.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.CanaryJudge;
import dev.faultline.rollout.judge.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// When a rollout goes where the evidence leads, and what it says then.
class RolloutTest {
  private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");
  private static final Instant NOW = START.plusSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final RolloutPlan PLAN =
      new RolloutPlan("m", "2", "1", 0, List.of(50.0, 100.0), "", 500, Duration.ofMinutes(10), Duration.ofHours(2), Double.POSITIVE_INFINITY);

  @Test
  void aRollbackWaitsForTheCauseAndNamesIt() {
    Rollout rollout = failing();
    assertThat(rollout.advance(NOW, "", known(Optional.empty()))).isEmpty();
    assertThat(rollout.standing().state()).isEqualTo(RolloutState.CANARY);
    Optional<Standing> moved = rollout.advance(NOW.plusSeconds(1), "", known(Optional.of("node /a/b divides by zero")));
    assertThat(moved).isPresent();
    assertThat(moved.get().state()).isEqualTo(RolloutState.ROLLED_BACK);
    assertThat(moved.get().reason()).contains("(most of all infer.node_failed x)").endsWith(": node /a/b divides by zero");
  }

  @Test
  void aRollbackDoesNotWaitForEver() {
    Rollout rollout = failing();
    assertThat(rollout.advance(NOW, "", known(Optional.empty()))).isEmpty();
    assertThat(rollout.advance(NOW.plus(PATIENCE).minusMillis(1), "", known(Optional.empty()))).isEmpty();
    assertThat(rollout.advance(NOW.plus(PATIENCE), "", known(Optional.empty())).map(Standing::reason).orElse("")).endsWith(": the symptom");
    assertThat(rollout.standing().state()).isEqualTo(RolloutState.ROLLED_BACK);
  }

  @Test
  void aRollbackDoesNotWaitAtAllWhereNobodyLooksForTheCause() {
    assertThat(failing().advance(NOW, "", known(Optional.of(""))).map(Standing::reason).orElse("")).endsWith("(most of all infer.node_failed x)");
  }

  @Test
  void faultsThatTurnOutToBeTheRequestsEndTheWait() {
    Rollout rollout = failing();
    assertThat(rollout.advance(NOW, "", known(Optional.empty()))).isEmpty();
    rollout.exclude("infer.node_failed x");
    assertThat(rollout.advance(NOW.plusSeconds(60), "", known(Optional.empty()))).isEmpty();
    rollout.include("infer.node_failed x");
    assertThat(rollout.advance(NOW.plusSeconds(61), "", known(Optional.empty()))).as("it waits anew").isEmpty();
    assertThat(rollout.advance(NOW.plusSeconds(61).plus(PATIENCE), "", known(Optional.empty()))).isPresent();
  }

  @Test
  void whatAShadowHasSeenOutlivesItsProcess() {
    var seen = new ShadowTally.Memory(java.util.Map.of(ShadowTally.End.SAME, 3L, ShadowTally.End.SHED, 2L), List.of(new ShadowTally.Output("y", 1, .5)), List.of(new ShadowTally.Failure("infer.timeout", 2, "slow")), 3, 1e-7);
    var before = new Rollout("rol_1", PLAN, "somebody", START).memory();
    var memory = new Rollout.Memory(before.id(), PLAN, before.startedBy(), START, before.standing(), before.counts(), before.judge(), before.shadow(), seen);
    assertThat(Rollout.restore(memory).memory().seen()).isEqualTo(seen);
  }

  /// A canary of which forty requests failed, and none of the baseline's.
  private static Rollout failing() {
    var judge = new CanaryJudge(PLAN.judge(), START);
    judge.stageStarted(START);
    for (int i = 0; i < 40; i++) {
      judge.observe(new Observation(Arm.CANDIDATE, .5, START, "infer.node_failed x", 1, List.of(), "request-" + i));
      judge.observe(new Observation(Arm.BASELINE, .5, START, "", 1, List.of(), ""));
    }
    var fresh = new Rollout("rol_1", PLAN, "somebody", START).memory();
    return Rollout.restore(new Rollout.Memory(
        fresh.id(), PLAN, fresh.startedBy(), START, fresh.standing(), new Rollout.Counts(40, 40, 40), judge.snapshot(), fresh.shadow(), fresh.seen()));
  }

  private static Causes known(Optional<String> cause) {
    return new Causes() {
      @Override
      public Optional<String> of(Rollout rollout, String kind) {
        return cause;
      }

      @Override
      public Duration patience() {
        return PATIENCE;
      }

      @Override
      public String symptom(Rollout rollout, String kind) {
        return "the symptom";
      }

      @Override
      public String ofDifferences(Rollout rollout) {
        return "";
      }
    };
  }
}
