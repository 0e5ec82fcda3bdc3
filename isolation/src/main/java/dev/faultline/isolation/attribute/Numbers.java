package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;
import java.util.function.DoublePredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// Readings of one dimension as numbers, each with its row: quantiles, repeated values, and the rows within limits.
///
/// Limits are the usual quantiles, denser at the ends, where faults are.
final class Numbers {
  private static final double[] LOW = {0.001, 0.05, 0.25, 0.5};
  private static final double[] HIGH = {0.5, 0.75, 0.95, 0.999};

  private final String dimension;
  private final Part part;
  private final double[] values;
  private final double[] finite;
  private final boolean whole;

  Numbers(String dimension, Part part, ToDoubleFunction<Reading> number) {
    this.dimension = dimension;
    this.part = part;
    this.values = IntStream.range(0, part.size()).mapToDouble(entry -> number.applyAsDouble(part.reading(entry))).toArray();
    this.finite = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
    this.whole = IntStream.range(0, part.size()).noneMatch(entry -> part.reading(entry) instanceof Reading.Real);
  }

  static double value(Reading reading) {
    return reading instanceof Reading.Whole(long value) ? value : ((Reading.Real) reading).value();
  }

  String dimension() {
    return dimension;
  }

  int size() {
    return values.length;
  }

  int row(int entry) {
    return part.row(entry);
  }

  double at(int entry) {
    return values[entry];
  }

  /// As an integer where all readings are.
  Reading reading(double value) {
    return whole ? Reading.of((long) value) : Reading.of(value);
  }

  OptionalDouble median() {
    return finite.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(finite[finite.length / 2]);
  }

  List<Double> lowLimits() {
    return limits(LOW);
  }

  List<Double> highLimits() {
    return limits(HIGH);
  }

  private List<Double> limits(double[] shares) {
    var limits = new TreeSet<Double>();
    for (double share : finite.length == 0 ? new double[0] : shares) {
      limits.add(finite[(int) Math.round(share * (finite.length - 1))]);
    }
    return List.copyOf(limits);
  }

  /// The values that occur at least `timesMin` times, the most frequent first.
  List<Double> frequent(int max, int timesMin) {
    record Run(double value, int times) {}
    var runs = new java.util.ArrayList<Run>();
    for (int start = 0, end = 0; start < finite.length; start = end) {
      while (end < finite.length && finite[end] == finite[start]) {
        end++;
      }
      if (end - start >= timesMin) {
        runs.add(new Run(finite[start], end - start));
      }
    }
    return runs.stream().sorted(Comparator.comparingInt(run -> -run.times())).limit(max).map(Run::value).toList();
  }

  Bits rows(int rowCount, DoublePredicate test) {
    var rows = new Bits(rowCount);
    for (int entry = 0; entry < values.length; entry++) {
      if (test.test(values[entry])) {
        rows.set(part.row(entry));
      }
    }
    return rows;
  }
}
