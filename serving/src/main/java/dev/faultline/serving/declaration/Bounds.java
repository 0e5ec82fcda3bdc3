package dev.faultline.serving.declaration;

import java.util.List;

/// Two inclusive ends, declared as `range: [0, 120]` or as `minimum` and `maximum`. An open end is infinite.
public record Bounds(double min, double max) {
  public static final Bounds OPEN = new Bounds(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /// Reads the keys `range`, `minimum`, `maximum`; [#OPEN] when there are none.
  public static Bounds read(Declared rules) {
    Declared range = rules.at("range");
    Declared minimum = rules.at("minimum");
    Declared maximum = rules.at("maximum");
    if (range.isPresent() && (minimum.isPresent() || maximum.isPresent())) {
      range.problem("stands beside minimum or maximum (expected: one way of saying it)");
    }
    Bounds bounds = range.isPresent() ? ofRange(range) : new Bounds(end(minimum, OPEN.min), end(maximum, OPEN.max));
    if (bounds.min > bounds.max) {
      (range.isPresent() ? range : minimum).problem("leaves no value: " + text(bounds.min) + " is more than " + text(bounds.max));
      return OPEN;
    }
    return bounds;
  }

  /// A null is an open end: `[0, null]`.
  private static Bounds ofRange(Declared range) {
    List<Declared> ends = range.elements();
    if (ends.size() != 2) {
      if (range.isList()) {
        range.expected("two numbers: [lowest, highest]");
      }
      return OPEN;
    }
    return new Bounds(end(ends.get(0), OPEN.min), end(ends.get(1), OPEN.max));
  }

  private static double end(Declared value, double open) {
    return value.number(open, number -> !Double.isNaN(number), "a number");
  }

  public boolean isOpen() {
    return equals(OPEN);
  }

  /// Whole numbers without a fraction.
  public static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15 ? Long.toString((long) value) : Double.toString(value);
  }
}
