package dev.faultline.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.evaluation.baseline.Baseline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Runs trials one after the other; each has the machine for itself.
final class Evaluation {
  private Evaluation() {}

  /// @param progress hears of each result as it comes
  static List<TrialResult> run(
      List<Trial> trials, Map<String, String> settings, List<Baseline> baselines, BiConsumer<Trial, JsonNode> verdicts, Consumer<TrialResult> progress)
      throws InterruptedException {
    var results = new ArrayList<TrialResult>();
    for (Trial trial : trials) {
      TrialResult result = new TrialRun(trial, settings, baselines, verdicts).run();
      results.add(result);
      progress.accept(result);
    }
    return results;
  }
}
