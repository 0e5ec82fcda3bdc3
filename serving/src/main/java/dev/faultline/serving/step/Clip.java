package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Bounds;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;

/// `clip`: values outside the bounds become the nearest bound. NaN stays NaN.
final class Clip extends OneTensorStep {
  private final Bounds bounds;

  private Clip(Use use, Bounds bounds) {
    super(use);
    this.bounds = bounds;
  }

  static Step read(Use use, Declared options) {
    Bounds bounds = Bounds.read(options);
    if (bounds.isOpen()) {
      options.problem("clips nothing (expected: minimum, maximum or range)");
    }
    return new Clip(use, bounds);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.requireNumber(before);
    Specs.require(before.type() != DataType.UINT64, before, "a floating type, INT64 or a narrower integer type");
    if (before.type().isInteger()) {
      boolean some = low(before.type()) <= high(before.type()) && bounds.min() <= Numbers.greatest(before.type()) && bounds.max() >= Numbers.least(before.type());
      Specs.require(some, before, "a type that has a value from " + Bounds.text(bounds.min()) + " to " + Bounds.text(bounds.max()));
    }
    return before;
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    DataType type = before.type();
    Elements after = type.isFloating() ? Numbers.floating(type, clipped(Numbers.doublesOf(before))) : Numbers.integral(type, clipped(before));
    return new Tensor(before.name(), type, before.shape(), after);
  }

  private double[] clipped(double[] values) {
    double min = bounds.min();
    double max = bounds.max();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(Math.max(values[i], min), max);
    }
    return values;
  }

  private long[] clipped(Tensor before) {
    long[] values = Numbers.longsOf(before);
    long min = low(before.type());
    long max = high(before.type());
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.min(Math.max(values[i], min), max);
    }
    return values;
  }

  private long low(DataType type) {
    return Math.max(Numbers.least(type), (long) Math.ceil(bounds.min()));
  }

  private long high(DataType type) {
    return Math.min(Numbers.greatest(type), (long) Math.floor(bounds.max()));
  }
}
