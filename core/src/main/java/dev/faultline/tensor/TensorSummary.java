package dev.faultline.tensor;

/// What a glance at a tensor says, small enough to keep with every passage.
///
/// `min`, `max` and `mean` are over finite elements and NaN when there are none; for `BYTES` they are element lengths in bytes.
/// `firstNonfinite` is a flat index, -1 when all elements are finite. `finite + nan + infinite == count`.
public record TensorSummary(
    String name,
    DataType type,
    Shape shape,
    long count,
    long finite,
    long nan,
    long infinite,
    double min,
    double max,
    double mean,
    long firstNonfinite) {

  public static TensorSummary of(Tensor tensor) {
    return switch (tensor.elements()) {
      case Elements.Fixed fixed -> ofNumbers(tensor, fixed);
      case Elements.Strings strings -> ofStrings(tensor, strings);
    };
  }

  public boolean allFinite() {
    return firstNonfinite < 0;
  }

  private static TensorSummary ofNumbers(Tensor tensor, Elements.Fixed values) {
    long nan = 0;
    long infinite = 0;
    long first = -1;
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < values.count(); i++) {
      double value = values.doubleAt(i);
      if (Double.isFinite(value)) {
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value;
      } else {
        first = first < 0 ? i : first;
        if (Double.isNaN(value)) {
          nan++;
        } else {
          infinite++;
        }
      }
    }
    long finite = values.count() - nan - infinite;
    return summary(tensor, finite, nan, infinite, min, max, sum, first);
  }

  private static TensorSummary ofStrings(Tensor tensor, Elements.Strings values) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    double sum = 0;
    for (int i = 0; i < values.count(); i++) {
      int length = values.bytesAt(i).length;
      min = Math.min(min, length);
      max = Math.max(max, length);
      sum += length;
    }
    return summary(tensor, values.count(), 0, 0, min, max, sum, -1);
  }

  private static TensorSummary summary(
      Tensor tensor, long finite, long nan, long infinite, double min, double max, double sum, long first) {
    boolean none = finite == 0;
    return new TensorSummary(
        tensor.name(),
        tensor.type(),
        tensor.shape(),
        tensor.count(),
        finite,
        nan,
        infinite,
        none ? Double.NaN : min,
        none ? Double.NaN : max,
        none ? Double.NaN : sum / finite,
        first);
  }
}
