package dev.faultline.serving.step;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoublePredicate;

/// One number for all elements, or one for each column of the last axis.
final class PerColumn {
  private final double[] values;

  private PerColumn(double... values) {
    this.values = values;
  }

  static PerColumn same(double value) {
    return new PerColumn(value);
  }

  /// A number or a list of numbers; `absent` for all when there is nothing.
  static PerColumn read(Declared declared, double absent, DoublePredicate fits, String expected) {
    if (!declared.isList()) {
      return new PerColumn(declared.number(absent, fits, expected));
    }
    List<Declared> each = declared.elements();
    if (each.isEmpty()) {
      declared.expected("a number, or a number for each column");
    }
    return new PerColumn(each.stream().mapToDouble(value -> requiredNumber(value, absent, fits, expected)).toArray());
  }

  private static double requiredNumber(Declared value, double absent, DoublePredicate fits, String expected) {
    if (!value.isPresent()) {
      value.expected(expected);
    }
    return value.number(absent, fits, expected);
  }

  /// Refuses a spec whose last axis cannot have this many columns.
  void require(TensorSpec spec) {
    if (values.length != 1) {
      Specs.requireRank(spec, 1);
      boolean fits = !(spec.dimensions().getLast() instanceof Dimension.Fixed(long extent)) || extent == values.length;
      Specs.require(fits, spec, "a last axis of " + values.length + ", one for each of the declared numbers");
    }
  }

  /// A number for each column of the tensor.
  double[] columns(Tensor tensor) {
    int count = (int) tensor.shape().lastExtent();
    if (values.length == 1) {
      double[] same = new double[count];
      Arrays.fill(same, values[0]);
      return same;
    }
    if (values.length != count) {
      throw Tensors.broken(tensor, "has " + count + " columns", values.length + ", one for each of the declared numbers");
    }
    return values;
  }
}
