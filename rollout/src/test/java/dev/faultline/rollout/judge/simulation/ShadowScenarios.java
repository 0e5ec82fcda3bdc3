package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.simulation.ShadowScenario.Answers;
import dev.faultline.rollout.judge.simulation.ShadowScenario.Numbers;
import java.util.List;
import java.util.random.RandomGenerator;

/// The shadows that rules are measured on. Noise: each answer of either version has each label changed with that probability, by itself.
final class ShadowScenarios {
  private static final int MANY = 40;

  private ShadowScenarios() {}

  static List<ShadowScenario> all() {
    return List.of(
        labels("the same answers, 40 labels", false, MANY, 0, 0),
        labels("noise .5 %, 40 labels", false, MANY, .005, 0),
        labels("noise 2 %, 40 labels", false, MANY, .02, 0),
        labels("noise 10 %, 40 labels", false, MANY, .1, 0),
        labels("noise 10 %, one label", false, 1, .1, 0),
        labels("retrained: another label on 2 % of the requests", false, 1, 0, .02),
        scores("retrained: scores .1 deviations off, either way", false, 0, random -> .1 * random.nextGaussian()),
        scores("retrained: scores .1 deviations higher", false, 0, _ -> .1),
        scores("noisy scores, .05 deviations", false, .05, _ -> 0),
        labels("one label of 40 wrong on 5 % of the requests", true, MANY, 0, .05),
        labels("the same with noise 2 %", true, MANY, .02, .05),
        labels("one label of 40 wrong on 20 %, noise 10 %", true, MANY, .1, .2),
        labels("the only label wrong on 10 %", true, 1, 0, .1),
        labels("the only label wrong on 20 %, noise 10 %", true, 1, .1, .2),
        scores("scores one deviation higher", true, 0, _ -> 1),
        scores("scores one deviation higher, noise .05", true, .05, _ -> 1),
        new ShadowScenario("1 % of the requests fail", true, 1, true, random -> new Answers(_ -> 0, _ -> 0, _ -> 0, random.nextDouble() < .01)));
  }

  /// `wrong`: how often the candidate has the first label otherwise, whatever the noise.
  private static ShadowScenario labels(String name, boolean isHarmful, int fields, double noise, double wrong) {
    return new ShadowScenario(name, isHarmful, fields, true, random -> {
      boolean isWrong = random.nextDouble() < wrong;
      return new Answers(noisy(random, fields, noise, false), noisy(random, fields, noise, false), noisy(random, fields, noise, isWrong), false);
    });
  }

  private static Numbers noisy(RandomGenerator random, int fields, double noise, boolean isFirstWrong) {
    double[] labels = new double[fields];
    for (int i = 0; i < fields; i++) {
      labels[i] = noise > 0 && random.nextDouble() < noise ? 1 + random.nextInt(3) : 0;
    }
    labels[0] = isFirstWrong ? 9 : labels[0];
    return field -> labels[field];
  }

  private interface Off {
    double of(RandomGenerator random);
  }

  private static ShadowScenario scores(String name, boolean isHarmful, double noise, Off off) {
    return new ShadowScenario(name, isHarmful, 1, false, random -> {
      double truth = random.nextGaussian();
      double first = truth + noise * random.nextGaussian();
      double second = truth + noise * random.nextGaussian();
      double third = truth + noise * random.nextGaussian() + off.of(random);
      return new Answers(_ -> first, _ -> second, _ -> third, false);
    });
  }
}
