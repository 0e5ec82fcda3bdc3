package dev.faultline.compare;

import dev.faultline.tensor.Tensor;
import java.util.BitSet;
import java.util.Optional;

/// One walk over two tensors of the same type and shape: which elements are further apart than the tolerance.
final class NumberScan {
  private final Tensor expected;
  private final Tensor actual;
  private final Tolerance tolerance;
  private final BitSet rows = new BitSet();
  private int count;
  private int worst = -1;
  private double worstDistance = -1;
  private double absoluteMax;
  private double absolute;
  private double relative;

  NumberScan(Tensor expected, Tensor actual, Tolerance tolerance) {
    this.expected = expected;
    this.actual = actual;
    this.tolerance = tolerance;
    for (int i = 0; i < expected.count(); i++) {
      look(i);
    }
  }

  private void look(int index) {
    double wanted = expected.doubleAt(index);
    double found = actual.doubleAt(index);
    double distance = distance(wanted, found);
    absoluteMax = Double.isInfinite(distance) ? absoluteMax : Math.max(absoluteMax, distance);
    if (!tolerance.accepts(wanted, found, expected.type())) {
      differs(index, distance, distance / Math.max(Math.abs(wanted), Double.MIN_NORMAL));
    }
  }

  private void differs(int index, double distance, double share) {
    count++;
    rows.set(row(index));
    absolute = Math.max(absolute, distance);
    relative = Math.max(relative, Double.isNaN(share) ? Double.POSITIVE_INFINITY : share);
    if (distance > worstDistance) {
      worst = index;
      worstDistance = distance;
    }
  }

  private static double distance(double wanted, double found) {
    if (wanted == found || (Double.isNaN(wanted) && Double.isNaN(found))) {
      return 0;
    }
    double distance = Math.abs(wanted - found);
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  Optional<Difference> numbers() {
    return count == 0 ? Optional.empty() : Optional.of(new Difference.OtherNumbers(
        expected.name(),
        expected.shape().coordinates(worst),
        expected.textAt(worst),
        actual.textAt(worst),
        absolute,
        relative,
        count,
        expected.count()));
  }

  /// Along all axes but the last.
  int row(int index) {
    return (int) (index / Math.max(1, expected.shape().lastExtent()));
  }

  /// Rows with an element that differs.
  BitSet rows() {
    return rows;
  }

  double absoluteMax() {
    return absoluteMax;
  }

  boolean accepts(double one, double other) {
    return tolerance.accepts(one, other, expected.type());
  }
}
