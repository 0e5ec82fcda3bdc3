package dev.faultline.isolation.attribute;

import java.util.Arrays;

/// The best pairs seen so far, a fixed number of them.
final class Beam {
  private final int[] pairs;
  private final double[] ratios;
  private int size;

  Beam(int capacity) {
    pairs = new int[capacity];
    ratios = new double[capacity];
  }

  void clear() {
    size = 0;
  }

  /// What a pair must exceed to enter.
  double floor() {
    return size < pairs.length ? Double.NEGATIVE_INFINITY : ratios[size - 1];
  }

  void offer(int pair, double ratio) {
    if (pairs.length == 0 || ratio <= floor()) {
      return;
    }
    int at = size < pairs.length ? size++ : size - 1;
    for (; at > 0 && ratios[at - 1] < ratio; at--) {
      pairs[at] = pairs[at - 1];
      ratios[at] = ratios[at - 1];
    }
    pairs[at] = pair;
    ratios[at] = ratio;
  }

  /// The best first.
  int[] pairs() {
    return Arrays.copyOf(pairs, size);
  }
}
