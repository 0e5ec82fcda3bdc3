package dev.faultline.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The extents of a tensor, outermost first. A scalar has rank 0 and one element.
public final class Shape {
  public static final Shape SCALAR = new Shape(new long[0], 1);

  private final long[] extents;
  private final long elementCount;

  private Shape(long[] extents, long elementCount) {
    this.extents = extents;
    this.elementCount = elementCount;
  }

  /// @throws IllegalArgumentException when an extent is negative or the product does not fit a `long`
  public static Shape of(long... extents) {
    long count = 1;
    for (long extent : extents) {
      if (extent < 0) {
        throw new IllegalArgumentException("shape " + Arrays.toString(extents) + " has a negative extent (expected: 0 or more)");
      }
      try {
        count = Math.multiplyExact(count, extent);
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException("shape " + Arrays.toString(extents) + " has more elements than can be counted", e);
      }
    }
    return new Shape(extents.clone(), count);
  }

  public int rank() {
    return extents.length;
  }

  public long extent(int axis) {
    return extents[axis];
  }

  public long elementCount() {
    return elementCount;
  }

  /// The extent of the last axis; 1 for a scalar.
  public long lastExtent() {
    return extents.length == 0 ? 1 : extents[extents.length - 1];
  }

  /// Coordinates of the element at a row-major flat index.
  public List<Long> coordinates(long flat) {
    var coordinates = new ArrayList<Long>(extents.length);
    long rest = flat;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      coordinates.addFirst(rest % extents[axis]);
      rest /= extents[axis];
    }
    return coordinates;
  }

  /// Index along the first axis of the element at a flat index: the row of a batch. 0 for a scalar.
  public long row(long flat) {
    return extents.length == 0 || extents[0] == 0 ? 0 : flat / (elementCount / extents[0]);
  }

  public long[] toArray() {
    return extents.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape that && Arrays.equals(extents, that.extents);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(extents);
  }

  /// As in messages: `[2,3]`.
  @Override
  public String toString() {
    return Arrays.toString(extents).replace(" ", "");
  }
}
