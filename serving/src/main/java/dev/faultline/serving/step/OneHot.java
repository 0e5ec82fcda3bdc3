package dev.faultline.serving.step;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/// `one-hot`: `[N]` or `[N,1]` becomes `[N,k]` of FP32, a 1 in the column of the value and 0 elsewhere.
final class OneHot extends OneTensorStep {
  private final List<String> values;
  private final Vocabulary vocabulary;
  private final Unknown unknown;

  /// What a value outside the list becomes.
  private enum Unknown {
    ERROR,
    ZEROS
  }

  private OneHot(Use use, List<String> values, Unknown unknown) {
    super(use);
    this.values = values;
    this.vocabulary = new Vocabulary(values);
    this.unknown = unknown;
  }

  static Step read(Use use, Declared options) {
    List<String> values = Values.read(options.at("values"));
    return new OneHot(use, values, options.at("unknown").choice(Unknown.class, Unknown.ERROR));
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    vocabulary.require(before);
    Specs.requireRank(before, 1);
    var dimensions = new ArrayList<>(before.dimensions());
    if (dimensions.size() > 1) {
      boolean narrow = !(dimensions.removeLast() instanceof Dimension.Fixed(long extent)) || extent == 1;
      Specs.require(narrow, before, "a last axis of 1; a reshape step makes it");
    }
    dimensions.add(new Dimension.Fixed(values.size()));
    List<String> columns = values.stream().map(value -> before.name() + "=" + value).toList();
    return Specs.shaped(before, DataType.FP32, dimensions, columns);
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    int width = values.size();
    double[] hot = new double[Math.multiplyExact(before.count(), width)];
    for (int i = 0; i < before.count(); i++) {
      int position = vocabulary.positionAt(before, i);
      if (position != Vocabulary.UNKNOWN) {
        hot[i * width + position] = 1;
      } else if (unknown == Unknown.ERROR) {
        throw Tensors.broken(before, i, Values.shown(before, i), "one of " + Declared.listed(values));
      }
    }
    return new Tensor(before.name(), DataType.FP32, shapeAfter(before), Numbers.floating(DataType.FP32, hot));
  }

  private Shape shapeAfter(Tensor before) {
    long[] extents = before.shape().toArray();
    boolean flat = extents.length == 1;
    if (!flat && before.shape().lastExtent() != 1) {
      throw Tensors.broken(before, "has shape " + before.shape(), "a last axis of 1");
    }
    long[] after = java.util.Arrays.copyOf(extents, flat ? 2 : extents.length);
    after[after.length - 1] = values.size();
    return Shape.of(after);
  }
}
