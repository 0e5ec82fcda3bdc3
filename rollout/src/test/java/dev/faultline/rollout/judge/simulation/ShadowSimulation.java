package dev.faultline.rollout.judge.simulation;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// Runs shadows under all rules at once, on the same answers.
final class ShadowSimulation {
  /// After how many mirrored requests the rules are read.
  static final List<Integer> READ_AT = List.of(300, 1_000, 5_000);

  private final int trials;
  private final long seeds;

  ShadowSimulation(int trials, long seeds) {
    this.trials = trials;
    this.seeds = seeds;
  }

  /// Scores by rule, in the order of their names.
  Map<String, ShadowScore> run(ShadowScenario scenario) {
    return run(scenario, READ_AT.getLast());
  }

  Map<String, ShadowScore> run(ShadowScenario scenario, int requests) {
    var scores = new TreeMap<String, ShadowScore>();
    for (int trial = 0; trial < trials; trial++) {
      run(scenario, requests, new SplittableRandom(1_000_003L * trial + scenario.name().hashCode() + 7_919_000_000_039L * seeds), scores);
    }
    return scores;
  }

  private void run(ShadowScenario scenario, int requests, SplittableRandom random, Map<String, ShadowScore> scores) {
    var ours = new OurShadow(scenario);
    List<ShadowRule> rules = List.of(ours, ours.teller(), new DiffyRule(scenario));
    for (int i = 1; i <= requests; i++) {
      ShadowScenario.Answers answers = scenario.behaviour().apply(random);
      rules.forEach(rule -> rule.observe(answers));
      if (READ_AT.contains(i)) {
        int read = i;
        rules.forEach(rule -> score(scores, rule).read(read, rule.accuses()));
      }
    }
    rules.forEach(rule -> score(scores, rule).end(rule.passes()));
  }

  private static ShadowScore score(Map<String, ShadowScore> scores, ShadowRule rule) {
    return scores.computeIfAbsent(rule.name(), _ -> new ShadowScore());
  }
}
