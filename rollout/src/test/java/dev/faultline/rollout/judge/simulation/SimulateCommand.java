package dev.faultline.rollout.judge.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Writes the report: FILE TRIALS LOOKS-A-MINUTE [PATTERN].
final class SimulateCommand {
  private SimulateCommand() {}

  public static void main(String[] arguments) throws IOException {
    int trials = Integer.parseInt(arguments[1]);
    int looks = Integer.parseInt(arguments[2]);
    var report = new StringBuilder(head(trials, looks));
    var simulation = new CanarySimulation(trials, looks);
    for (Scenario scenario : Scenarios.all()) {
      if (arguments.length < 4 || scenario.name().matches(arguments[3])) {
        report.append(rows(scenario, simulation.run(scenario)));
        Files.writeString(Path.of(arguments[0]), report);
      }
    }
  }

  private static String head(int trials, int looks) {
    return """
          # How rollouts are judged, measured
    
          Written by `bin/simulate`. Each scenario runs for up to 60 minutes, at 400 requests a minute unless it says otherwise, with fixed seeds, and all rules see the same
          requests. *failed*: how often the candidate was given up, with Wilson's 95 %% interval, and after how many minutes (median); *passed*: how often and when it was promoted. The rest
          stayed inconclusive, which only Faultline does. The other rules are our own, from descriptions of the tools, with the thresholds of their documentation's examples: the figures
          say what such a rule does here, not how good a product is. Trials: %d, looks of Faultline a minute: %d.
    
          | scenario | candidate | rule | failed | after | passed | after |
          |---|---|---|---|---|---|---|
          """
        .formatted(trials, looks);
  }

  private static String rows(Scenario scenario, Map<String, Score> scores) {
    var rows = new StringBuilder();
    String truth = scenario.isHarmful() ? "harmful" : "healthy";
    scores.forEach((rule, score) ->
        rows.append("| ").append(scenario.name()).append(" | ").append(truth).append(" | ").append(rule).append(" | ").append(score.cells()).append(" |\n"));
    return rows.toString();
  }
}
