package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;

/// `log`: natural logarithm of the value plus `offset`. With offset 1 it is log1p, exact near zero. Integers become FP32.
///
/// A sum below zero gives NaN and zero gives minus infinity: the pipeline reports both as `preprocess.nonfinite`.
final class Log extends OneTensorStep {
  private final double offset;

  private Log(Use use, double offset) {
    super(use);
    this.offset = offset;
  }

  static Step read(Use use, Declared options) {
    return new Log(use, options.at("offset").number(0, Double::isFinite, "a finite number"));
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.requireNumber(before);
    return Specs.typed(before, typeAfter(before.type()));
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    double[] values = Numbers.doublesOf(before);
    for (int i = 0; i < values.length; i++) {
      values[i] = offset == 1 ? Math.log1p(values[i]) : Math.log(values[i] + offset);
    }
    DataType type = typeAfter(before.type());
    return new Tensor(before.name(), type, before.shape(), Numbers.floating(type, values));
  }

  private static DataType typeAfter(DataType before) {
    return before.isFloating() ? before : DataType.FP32;
  }
}
