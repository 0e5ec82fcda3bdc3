package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.Tensor;

/// `softmax`: each row of the last axis becomes positive numbers that add up to 1. Floating types only.
///
/// The row's maximum is taken off first, so that large values do not overflow. A NaN or positive infinity makes its row NaN.
final class Softmax extends OneTensorStep {

  private Softmax(Use use) {
    super(use);
  }

  static Step read(Use use, @SuppressWarnings("unused") /* a kind without options */ Declared options) {
    return new Softmax(use);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.requireFloating(before);
    Specs.requireRank(before, 1);
    return before;
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    double[] values = Numbers.doublesOf(before);
    int width = (int) before.shape().lastExtent();
    for (int start = 0; start < values.length; start += width) {
      softmax(values, start, start + width);
    }
    return new Tensor(before.name(), before.type(), before.shape(), Numbers.floating(before.type(), values));
  }

  private static void softmax(double[] values, int start, int end) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = start; i < end; i++) {
      max = Math.max(max, values[i]);
    }
    double sum = 0;
    for (int i = start; i < end; i++) {
      values[i] = Math.exp(values[i] - max);
      sum += values[i];
    }
    for (int i = start; i < end; i++) {
      values[i] /= sum;
    }
  }
}
