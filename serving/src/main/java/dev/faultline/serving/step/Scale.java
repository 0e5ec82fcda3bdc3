package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;

/// `scale`: `(x - mean) / std`, each a number or one for each column. Integers become FP32.
final class Scale extends OneTensorStep {
  private final PerColumn mean;
  private final PerColumn std;

  private Scale(Use use, PerColumn mean, PerColumn std) {
    super(use);
    this.mean = mean;
    this.std = std;
  }

  static Step read(Use use, Declared options) {
    PerColumn mean = PerColumn.read(options.at("mean"), 0, Double::isFinite, "a finite number");
    PerColumn std = PerColumn.read(options.at("std"), 1, value -> Double.isFinite(value) && value != 0, "a finite number other than 0");
    if (!options.has("mean") && !options.has("std")) {
      options.problem("scales nothing (expected: mean, std or both)");
    }
    return new Scale(use, mean, std);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.requireNumber(before);
    mean.require(before);
    std.require(before);
    return Specs.typed(before, typeAfter(before.type()));
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    double[] values = Numbers.doublesOf(before);
    double[] means = mean.columns(before);
    double[] stds = std.columns(before);
    for (int i = 0, c = 0; i < values.length; i++, c = c + 1 == means.length ? 0 : c + 1) {
      values[i] = (values[i] - means[c]) / stds[c];
    }
    DataType type = typeAfter(before.type());
    return new Tensor(before.name(), type, before.shape(), Numbers.floating(type, values));
  }

  private static DataType typeAfter(DataType before) {
    return before.isFloating() ? before : DataType.FP32;
  }
}
