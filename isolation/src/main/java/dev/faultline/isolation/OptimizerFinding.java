package dev.faultline.isolation;

import dev.faultline.serving.backend.LoadOptions.Optimization;
import java.util.List;

/// The fault is the engine's optimiser's: `firstFailing` is the lowest level that shows it, `rewritings` the engine's names of those without
/// which it is gone, none when that was not found out. `holdsForOthers`: every other failing request that was tried passes too.
record OptimizerFinding(Optimization firstFailing, List<String> rewritings, boolean holdsForOthers) {
  OptimizerFinding {
    rewritings = List.copyOf(rewritings);
  }

  String words() {
    return rewritings.isEmpty() ? "the engine's optimisation at level " + firstFailing : "the engine's " + String.join(", ", rewritings);
  }
}
