package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;

/// `argmax`: position of the greatest value of each row of the last axis, as INT64; that axis goes. Of equal values the first wins.
///
/// A row with NaN has no greatest value: the step fails, so that NaN never becomes a confident answer.
final class ArgMax extends OneTensorStep {

  private ArgMax(Use use) {
    super(use);
  }

  static Step read(Use use, @SuppressWarnings("unused") /* a kind without options */ Declared options) {
    return new ArgMax(use);
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    Specs.requireNumber(before);
    Specs.requireRank(before, 1);
    var dimensions = before.dimensions().subList(0, before.dimensions().size() - 1);
    return Specs.shaped(before, DataType.INT64, dimensions, java.util.List.of());
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    long[] extents = before.shape().toArray();
    Shape after = Shape.of(Arrays.copyOf(extents, extents.length - 1));
    int width = (int) before.shape().lastExtent();
    if (width == 0 && after.elementCount() > 0) {
      throw Tensors.broken(before, "has shape " + before.shape(), "at least one column");
    }
    double[] values = Numbers.doublesOf(before);
    long[] greatest = new long[(int) after.elementCount()];
    for (int row = 0; row < greatest.length; row++) {
      greatest[row] = greatest(before, values, row * width, width);
    }
    return new Tensor(before.name(), DataType.INT64, after, Numbers.integral(DataType.INT64, greatest));
  }

  private static int greatest(Tensor before, double[] values, int start, int width) {
    int best = 0;
    for (int i = 0; i < width; i++) {
      if (Double.isNaN(values[start + i])) {
        throw Tensors.broken(before, start + i, "NaN", "numbers, one of which is the greatest");
      }
      best = values[start + i] > values[start + best] ? i : best;
    }
    return best;
  }
}
