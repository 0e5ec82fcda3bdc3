package dev.faultline.rollout.judge.simulation;

import java.util.function.Function;
import java.util.random.RandomGenerator;

/// A shadow whose truth is known: what the baseline, the baseline a second time, and the candidate answer to one request after the other, in `fields` outputs.
record ShadowScenario(String name, boolean isHarmful, int fields, boolean isOfLabels, Function<RandomGenerator, Answers> behaviour) {

  /// Three answers to one request, a number for each output; labels are whole numbers. `failed`: the candidate did not answer, and would not when asked again.
  record Answers(Numbers baseline, Numbers again, Numbers candidate, boolean failed) {}

  /// Numbers by output.
  @FunctionalInterface
  interface Numbers {
    double of(int field);
  }
}
