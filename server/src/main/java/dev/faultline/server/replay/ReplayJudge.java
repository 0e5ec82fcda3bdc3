package dev.faultline.server.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.compare.Comparison;
import dev.faultline.compare.OutputComparator;
import dev.faultline.compare.Tolerance;
import dev.faultline.fault.Fault;
import dev.faultline.rollout.FaultKind;
import dev.faultline.rollout.OutputFacts;
import dev.faultline.rollout.judge.Confirmation;
import dev.faultline.rollout.judge.Judgement;
import dev.faultline.rollout.judge.ShadowAnswer;
import dev.faultline.rollout.judge.ShadowJudge;
import dev.faultline.rollout.judge.ShadowSettings;
import dev.faultline.rollout.judge.ShadowStep;
import dev.faultline.server.rollout.RolloutDocument;
import dev.faultline.tensor.Tensor;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Judges a version by kept requests that another version serves, with the judge of shadows ([ShadowJudge]) and without a shortest time: what a shadow would have seen of
/// yesterday's traffic. For one thread.
final class ReplayJudge {
  /// Requests before it may pass.
  static final int REQUESTS_MIN = 100;
  /// What batches and other processors change in a sound answer.
  private static final Tolerance ALLOWED = Tolerance.of(1e-7, 1e-5);
  private static final int KINDS_MAX = 16;
  private static final int REASONS_MAX = 5;

  /// A request run once more on the version that is judged.
  @FunctionalInterface
  interface Again {
    Trial run() throws UnresolvedException, InterruptedException;
  }

  private final ShadowJudge judge;
  private final Map<String, List<String>> failures = new LinkedHashMap<>();

  ReplayJudge(Instant startedAt) {
    judge = new ShadowJudge(ShadowSettings.DEFAULT.withRequestsMin(REQUESTS_MIN).withTimes(Duration.ZERO, Replays.RUN_MAX), startedAt);
  }

  /// Both versions served it.
  void compared(List<Tensor> before, List<Tensor> after, Again again) throws UnresolvedException, InterruptedException {
    Comparison comparison = new OutputComparator(ALLOWED).compare(before, after);
    judged(new ShadowAnswer.Pair(comparison, OutputFacts.of(before), OutputFacts.of(after)), before, again);
  }

  /// The version that is judged failed on it, `request` says which it is.
  void failed(Trial trial, List<Tensor> before, String request, Again again) throws UnresolvedException, InterruptedException {
    Fault fault = trial.faults().getFirst();
    String kind = FaultKind.of(fault);
    if (failures.containsKey(kind) || failures.size() < KINDS_MAX) {
      failures.computeIfAbsent(kind, _ -> new ArrayList<>()).add(request);
    }
    judged(new ShadowAnswer.Failed(kind), before, again);
  }

  private void judged(ShadowAnswer answer, List<Tensor> before, Again again) throws UnresolvedException, InterruptedException {
    if (judge.observe(answer) == ShadowStep.CONFIRM) {
      Trial trial = again.run();
      boolean breaks = !trial.isGood() || new OutputComparator(ALLOWED).compare(before, trial.outputs()).isBroken();
      judge.confirmed(answer, breaks ? Confirmation.REPRODUCED : Confirmation.NOT_REPRODUCED);
    }
  }

  /// As a rollout's judgement, with what fails newly among the reasons.
  ObjectNode document(Instant now) {
    Judgement judgement = judge.standing(now).judgement();
    var reasons = new ArrayList<>(judgement.reasons().stream().map(reason -> reason.replace("mirrored", "replayed")).toList());
    failures.entrySet().stream().limit(REASONS_MAX).forEach(each -> reasons.add(each.getKey() + ": newly in " + each.getValue().size() + " requests, such as " + each.getValue().getFirst()));
    return RolloutDocument.judgement(new Judgement(judgement.verdict(), true, reasons, judgement.streams()));
  }
}
