package dev.faultline.evaluation.model;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// Weights that depend on a seed and, by a thousandth, on the version.
final class Weights {
  private static final double RETRAINED = 1e-3;

  private final RandomGenerator common;
  private final RandomGenerator own;

  Weights(long seed, int version) {
    this.common = new SplittableRandom(seed);
    this.own = new SplittableRandom(seed * 31 + version);
  }

  float[] normal(int count, double scale) {
    float[] weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = (float) (scale * common.nextGaussian() * (1 + RETRAINED * own.nextGaussian()));
    }
    return weights;
  }

  static float[] all(int count, double value) {
    float[] values = new float[count];
    Arrays.fill(values, (float) value);
    return values;
  }

  static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
