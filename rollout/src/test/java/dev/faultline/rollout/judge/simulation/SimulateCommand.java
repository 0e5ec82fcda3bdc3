package dev.faultline.rollout.judge.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Writes the report: FILE TRIALS LOOKS-A-MINUTE SEEDS [PATTERN].
final class SimulateCommand {
  private final Path file;
  private final int trials;
  private final int looks;
  private final long seeds;
  private final String pattern;
  private final StringBuilder report = new StringBuilder();

  private SimulateCommand(String[] arguments) {
    file = Path.of(arguments[0]);
    trials = Integer.parseInt(arguments[1]);
    looks = Integer.parseInt(arguments[2]);
    seeds = Long.parseLong(arguments[3]);
    pattern = arguments.length > 4 ? arguments[4] : ".*";
  }

  public static void main(String[] arguments) throws IOException {
    new SimulateCommand(arguments).run();
  }

  private void run() throws IOException {
    report.append(head());
    var shadows = new ShadowSimulation(trials, seeds);
    for (ShadowScenario scenario : ShadowScenarios.all()) {
      if (scenario.name().matches(pattern)) {
        write(shadowRows(scenario, shadows.run(scenario)));
      }
    }
    write(canaryHead());
    var canaries = new CanarySimulation(trials, looks, seeds);
    for (Scenario scenario : Scenarios.all()) {
      if (scenario.name().matches(pattern)) {
        write(rows(scenario, canaries.run(scenario)));
      }
    }
  }

  private void write(String text) throws IOException {
    report.append(text);
    Files.writeString(file, report);
  }

  private String head() {
    return """
          # How rollouts are judged, measured
    
          Written by `bin/simulate %d %d %d`: %d trials of each scenario, Faultline's judge of canaries looked at %d times a minute, set %d of seeds (what was chosen by looking at simulations was chosen on set 1).
          All rules see the same requests. In brackets: Wilson's 95 %% interval. The other rules are our own, from descriptions of the tools, with the thresholds of their documentation's
          examples: the figures say what such a rule does here, not how good a product is.
    
          ## Shadows
    
          How often a candidate was accused after so many mirrored requests, and had passed by the last. Noise: each answer of either version has each label changed with that probability.
          *Faultline* is the verdict FAIL, looked at every 20 requests and never taken back. *Faultline tells* is what the report says and the verdict does not count: that the candidate differs where others
          agree, or by more than the baseline differs from itself; a person, or an investigation, decides what that means. Diffy's rule is read at these moments only: read more often it accuses more.
    
          | scenario | candidate | rule | 300 | 1,000 | 5,000 | passed |
          |---|---|---|---|---|---|---|
          """
        .formatted(trials, looks, seeds, trials, looks, seeds);
  }

  private static String shadowRows(ShadowScenario scenario, Map<String, ShadowScore> scores) {
    var rows = new StringBuilder();
    scores.forEach((rule, score) -> {
      rows.append(start(scenario.name(), scenario.isHarmful(), rule));
      for (int requests : ShadowSimulation.READ_AT) {
        double[] bounds = score.bounds(requests);
        rows.append(" %s [%s, %s] |".formatted(Score.share(score.accused(requests)), Score.share(bounds[0]), Score.share(bounds[1])));
      }
      rows.append(' ').append(rule.equals("Faultline tells") ? "" : Score.share(score.passed())).append(" |\n");
    });
    return rows.toString();
  }

  private static String canaryHead() {
    return """
    
          ## Canaries
    
          Each scenario runs for up to 60 minutes, at 400 requests a minute unless it says otherwise. *failed*: how often the candidate was given up, and after how many minutes (median);
          *passed*: how often and when it was promoted. The rest stayed inconclusive, which only Faultline does.
    
          | scenario | candidate | rule | failed | after | passed | after |
          |---|---|---|---|---|---|---|
          """;
  }

  private static String rows(Scenario scenario, Map<String, Score> scores) {
    var rows = new StringBuilder();
    scores.forEach((rule, score) -> rows.append(start(scenario.name(), scenario.isHarmful(), rule)).append(' ').append(score.cells()).append(" |\n"));
    return rows.toString();
  }

  private static String start(String scenario, boolean isHarmful, String rule) {
    return "| " + scenario + " | " + (isHarmful ? "harmful" : "healthy") + " | " + rule + " |";
  }
}
