package dev.faultline.isolation;

import dev.faultline.request.Outcome;
import dev.faultline.request.StepRun;
import java.util.ArrayList;
import java.util.List;

/// Names the steps whose output departs between two runs of the same request behind the steps of two versions.
final class StepSearch {
  private StepSearch() {}

  /// In the order of the bad version; those that only the good one has come last. Empty when all give the same.
  static List<String> departing(Outcome good, Outcome bad) {
    List<StepRun> before = good.passage().steps();
    List<StepRun> after = bad.passage().steps();
    var names = new ArrayList<String>();
    for (StepRun step : after) {
      boolean same = before.stream().anyMatch(other -> other.name().equals(step.name()) && other.outputSummaries().equals(step.outputSummaries()));
      if (!same) {
        names.add(step.name());
      }
    }
    before.stream().map(StepRun::name).filter(name -> after.stream().noneMatch(step -> step.name().equals(name))).forEach(names::add);
    return names;
  }
}
