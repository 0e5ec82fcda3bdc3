package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.Verdict;
import java.util.List;

/// A way to decide a canary.
interface Rule {
  String name();

  /// After each minute; INCONCLUSIVE goes on.
  Verdict minute(List<Observation> requests, int minute, boolean isStage);

  /// What it does when the time is over.
  Verdict end();
}
