package dev.faultline.isolation;

import dev.faultline.request.Outcome;
import dev.faultline.request.StepRun;
import dev.faultline.tensor.TensorSummary;
import java.util.List;

/// Names the first step whose output departs, between two runs of the same request behind the steps of two versions.
final class StepSearch {
  private StepSearch() {}

  /// The name in the bad version; empty when the steps that both have give the same.
  static String first(Outcome good, Outcome bad) {
    List<StepRun> before = good.passage().steps();
    List<StepRun> after = bad.passage().steps();
    for (int i = 0; i < after.size(); i++) {
      StepRun step = after.get(i);
      boolean same = i < before.size() && before.get(i).name().equals(step.name()) && alike(before.get(i), step);
      if (!same) {
        return step.name();
      }
    }
    return after.size() < before.size() ? before.get(after.size()).name() : "";
  }

  private static boolean alike(StepRun before, StepRun after) {
    List<TensorSummary> one = before.outputSummaries();
    List<TensorSummary> other = after.outputSummaries();
    return one.equals(other);
  }
}
