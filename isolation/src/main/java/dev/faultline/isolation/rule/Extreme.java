package dev.faultline.isolation.rule;

/// The outermost value of a field towards one side: in how many requests it stands, and what would be outermost without the one that has it alone.
final class Extreme {
  /// +1 for the greatest, -1 for the least.
  private final int side;

  private double outermost = Double.NaN;
  private double next = Double.NaN;
  private int requests;

  Extreme(int side) {
    this.side = side;
  }

  /// The outermost value of one request.
  void add(double value) {
    if (Double.isNaN(outermost) || isBeyond(value, outermost)) {
      next = outermost;
      outermost = value;
      requests = 1;
    } else if (value == outermost) {
      requests++;
    } else if (Double.isNaN(next) || isBeyond(value, next)) {
      next = value;
    }
  }

  private boolean isBeyond(double value, double other) {
    return side > 0 ? value > other : value < other;
  }

  double value() {
    return outermost;
  }

  /// Outermost when the one request that has [#value] alone is left out; NaN when there is no other.
  double next() {
    return next;
  }

  int requests() {
    return requests;
  }
}
