package dev.faultline.rollout.judge;

/// Sums of numbers that are known by their logarithms.
final class LogSum {
  private LogSum() {}

  static double of(double... logs) {
    double max = Double.NEGATIVE_INFINITY;
    for (double log : logs) {
      max = Math.max(max, log);
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return max;
    }
    double sum = 0;
    for (double log : logs) {
      sum += Math.exp(log - max);
    }
    return max + Math.log(sum);
  }
}
