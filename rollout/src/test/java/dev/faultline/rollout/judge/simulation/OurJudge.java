package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.CanaryJudge;
import dev.faultline.rollout.judge.JudgeSettings;
import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// The judge of this product, looked at several times a minute. As the runtime does, it has the foremost group of faults investigated before it gives up on a version.
final class OurJudge implements Rule {
  private final CanaryJudge judge;
  private final int looks;
  private Verdict last = Verdict.INCONCLUSIVE;

  OurJudge(int looks, int minutesMax) {
    this.looks = looks;
    judge = new CanaryJudge(JudgeSettings.DEFAULT.withTimes(Duration.ofMinutes(10), Duration.ofMinutes(minutesMax + 1)), Scenario.START);
  }

  @Override
  public String name() {
    return "Faultline";
  }

  @Override
  public Verdict minute(List<Observation> requests, int minute, boolean isStage) {
    if (isStage) {
      judge.stageStarted(Scenario.START.plusSeconds(60L * minute));
    }
    int each = Math.max(1, requests.size() / looks);
    for (int i = 0; i < requests.size(); i++) {
      judge.observe(requests.get(i));
      if ((i + 1) % each == 0 && look(requests.get(i).at()) != Verdict.INCONCLUSIVE) {
        return last;
      }
    }
    return look(Scenario.START.plusSeconds(60L * (minute + 1)));
  }

  private Verdict look(Instant now) {
    last = judge.verdict(now);
    if (last == Verdict.FAIL && judge.judge(now).streams().stream().limit(2).anyMatch(stream -> stream.name().equals("faults:" + Scenario.INPUT))) {
      judge.exclude(Scenario.INPUT);
      last = judge.verdict(now);
    }
    return last;
  }

  @Override
  public Verdict end() {
    return Verdict.INCONCLUSIVE;
  }
}
