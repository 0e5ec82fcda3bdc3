package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Reading;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// The floating-point numbers from `least` to `greatest`, as finely as `relativeWidth` asks. `step` is how far apart neighbours are, as
/// a share of their size.
record RealLine(double least, double greatest, double relativeWidth, double step) implements NumberLine<Double> {
  private static final int EXPONENT_MAX = 18;
  private static final NavigableSet<Double> LANDMARKS = powers();
  private static final double DECADE = 16;
  private static final double WIDE = 4;
  private static final double TINY = 1e-30;

  /// Arithmetic within a decade, geometric beyond: the landmarks leave no wider gap near the numbers people use.
  @Override
  public Double middle(Double low, Double high) {
    if (isNear(low, high)) {
      return low;
    }
    if (low > 0 && high / low > DECADE) {
      return Math.sqrt(low) * Math.sqrt(high);
    }
    if (high < 0 && low / high > DECADE) {
      return -Math.sqrt(-low) * Math.sqrt(-high);
    }
    // the roundest near the middle: it may well be the boundary itself
    double quarter = high / 4 - low / 4;
    return Rounding.roundest(low + quarter, high - quarter);
  }

  /// Nought, or of fewer digits than all between.
  @Override
  public boolean isLikelier(Double value, Double other) {
    if (Double.isInfinite(value) || Double.isInfinite(other)) {
      return false;
    }
    double between = Rounding.roundest(value, other / 2 + value / 2);
    return value == 0 || Rounding.digits(value) < Rounding.digits(between);
  }

  @Override
  public Optional<Double> origin(Double low, Double high) {
    return low < 0 && high > 0 ? Optional.of(0.0) : Optional.empty();
  }

  private boolean isNear(double low, double high) {
    double middle = low / 2 + high / 2;
    double size = Math.max(Math.abs(low), Math.abs(high));
    return size <= TINY || high - low <= relativeWidth * size || middle <= low || middle >= high;
  }

  /// Beside 0 stands a small number and not the smallest there is: those are flushed to 0, or become -0, which is another thing again.
  @Override
  public Double beside(Double value, Double towards) {
    double distance = value == 0 ? TINY : Math.abs(value) * step;
    return towards > value ? value + distance : value - distance;
  }

  @Override
  public Double end(Direction direction) {
    return direction == Direction.UP ? greatest : least;
  }

  @Override
  public List<Double> landmarks(Double low, Double high) {
    boolean narrow = (low > 0 && high / low <= WIDE) || (high < 0 && low / high <= WIDE);
    return narrow ? List.of() : List.copyOf(LANDMARKS.subSet(low, false, high, false));
  }

  @Override
  public Reading reading(Double value) {
    return Reading.of(value.doubleValue());
  }

  static boolean isLandmark(double value) {
    return LANDMARKS.contains(value);
  }

  private static NavigableSet<Double> powers() {
    var values = new TreeSet<Double>(List.of(0.0));
    for (int exponent = -EXPONENT_MAX; exponent <= EXPONENT_MAX; exponent++) {
      addBoth(values, Double.parseDouble("1e" + exponent));
    }
    List.of(65504.0, (double) Integer.MAX_VALUE, 4294967295.0, 9007199254740992.0, (double) Float.MAX_VALUE, Double.MAX_VALUE, TINY, 1e30)
        .forEach(value -> addBoth(values, value));
    return values;
  }

  private static void addBoth(TreeSet<Double> values, double value) {
    values.add(value);
    values.add(-value);
  }
}
