package dev.faultline.server.nodes;

import java.util.List;
import java.util.Optional;

/// The median of repeated measurements, and bounds within which the true median lies with a wanted confidence.
///
/// The bounds are order statistics (the sign test turned round), so that they hold whatever the distribution: the true median lies outside
/// `[x(k), x(n+1-k)]` with probability `2 P(Binomial(n, 1/2) < k)`. A few runs that something else disturbed move neither end.
/// Source: David and Nagaraja, Order Statistics, 3rd edition, 7.1.
record Interval(double median, double low, double high) {

  /// Empty when there are too few values for such a confidence.
  ///
  /// @param error the probability that the true median may lie outside
  static Optional<Interval> of(List<Double> values, double error) {
    int outside = outside(values.size(), error);
    if (outside == 0) {
      return Optional.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    return Optional.of(new Interval(median(values), sorted.get(outside - 1), sorted.get(sorted.size() - outside)));
  }

  static double median(List<Double> values) {
    if (values.isEmpty()) {
      return 0;
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  /// How many values are needed before there is any interval.
  static int valuesMin(double error) {
    return (int) Math.ceil(Math.log(2 / error) / Math.log(2));
  }

  /// The largest `k` with `2 P(Binomial(n, 1/2) < k) <= error`.
  private static int outside(int count, double error) {
    double probability = Math.pow(2, -count);
    double below = probability;
    int k = 0;
    while (k < count && 2 * below <= error) {
      k++;
      probability *= (count - k + 1.0) / k;
      below += probability;
    }
    return k;
  }
}
