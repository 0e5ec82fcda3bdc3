package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Runs scenarios under all rules at once, on the same requests.
final class CanarySimulation {
  private final int trials;
  private final int looks;
  private final long seeds;

  /// `seeds`: which set of random numbers. What is chosen by looking at one set is reported on another.
  CanarySimulation(int trials, int looks, long seeds) {
    this.trials = trials;
    this.looks = looks;
    this.seeds = seeds;
  }

  /// Scores by rule, in the order of their names.
  Map<String, Score> run(Scenario scenario) {
    var scores = new TreeMap<String, Score>();
    for (int trial = 0; trial < trials; trial++) {
      run(scenario, 1_000_003L * trial + scenario.name().hashCode() + 7_919_000_000_039L * seeds, scores);
    }
    return scores;
  }

  private void run(Scenario scenario, long seed, Map<String, Score> scores) {
    Scenario.Run run = scenario.run(seed);
    var open = new ArrayList<>(rules(scenario));
    for (int minute = 0; minute < scenario.minutes() && !open.isEmpty(); minute++) {
      boolean isStage = run.isStage();
      List<Observation> requests = run.next();
      int number = minute;
      open.removeIf(rule -> isSettled(rule, rule.minute(requests, number, isStage), number + 1, scores));
    }
    open.forEach(rule -> score(scores, rule).add(rule.end(), scenario.minutes()));
  }

  private static boolean isSettled(Rule rule, Verdict verdict, int minutes, Map<String, Score> scores) {
    if (verdict == Verdict.INCONCLUSIVE) {
      return false;
    }
    score(scores, rule).add(verdict, minutes);
    return true;
  }

  private static Score score(Map<String, Score> scores, Rule rule) {
    return scores.computeIfAbsent(rule.name(), _ -> new Score());
  }

  private List<Rule> rules(Scenario scenario) {
    return List.of(
        new OurJudge(looks, scenario.minutes()),
        new MannWhitneyRule(),
        ThresholdRule.argo(),
        ThresholdRule.flagger());
  }
}
