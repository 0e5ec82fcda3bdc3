package dev.faultline.rollout.judge;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/// Quantiles of the baseline's latest values. They are fixed as soon as there are enough values, and measured anew only at the start of a stage: a bound that
/// followed the traffic would not be known before the request it judges.
final class BaselineQuantiles {
  static final int KEPT = 1_024;
  static final int NEEDED = 200;

  private final double[] kept = new double[KEPT];
  private final int needed;
  private final double[] levels;
  private double[] bounds;
  private long count;

  BaselineQuantiles(List<Double> levels, List<Double> bounds) {
    this(levels, bounds, NEEDED);
  }

  /// Bounds that another release measured at other levels are measured anew.
  BaselineQuantiles(List<Double> levels, List<Double> bounds, int needed) {
    this.needed = needed;
    this.levels = array(levels);
    this.bounds = bounds.size() == levels.size() ? array(bounds) : new double[0];
  }

  boolean areKnown() {
    return bounds.length > 0;
  }

  double bound(int index) {
    return bounds[index];
  }

  void add(double value) {
    kept[(int) (count++ % KEPT)] = value;
    if (!areKnown() && count >= needed) {
      measure();
    }
  }

  void stageStarted() {
    if (count >= needed) {
      measure();
    }
  }

  private void measure() {
    double[] sorted = Arrays.copyOf(kept, (int) Math.min(count, KEPT));
    Arrays.sort(sorted);
    bounds = DoubleStream.of(levels).map(level -> sorted[(int) (level * (sorted.length - 1))]).toArray();
  }

  JudgeState.Threshold state(String subject) {
    return new JudgeState.Threshold(subject, bounds());
  }

  /// In the order of the levels; none while they are not known.
  List<Double> bounds() {
    return DoubleStream.of(bounds).boxed().toList();
  }

  private static double[] array(List<Double> numbers) {
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
