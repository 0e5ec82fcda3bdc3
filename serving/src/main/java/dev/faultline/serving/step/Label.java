package dev.faultline.serving.step;

import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `label`: the text at each index; or, with `threshold`, the second of two texts where a probability reaches it and the first elsewhere.
final class Label extends OneTensorStep {
  private final Elements labels;
  private final double threshold;

  /// `threshold` is NaN when the tensor holds indices.
  private Label(Use use, List<String> labels, double threshold) {
    super(use);
    this.labels = Elements.strings(labels.stream().map(label -> label.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new));
    this.threshold = threshold;
  }

  static Step read(Use use, Declared options) {
    Declared list = options.at("labels");
    List<String> labels = list.texts();
    Declared threshold = options.at("threshold");
    if (labels.isEmpty()) {
      list.problem("names no label (expected: a list of texts)");
    } else if (threshold.isPresent() && labels.size() != 2) {
      list.problem("has " + labels.size() + " labels (expected: 2 beside a threshold, the second for what reaches it)");
    }
    return new Label(use, labels, threshold.number(Double.NaN, Double::isFinite, "a finite number"));
  }

  @Override
  TensorSpec specAfter(TensorSpec before) {
    if (ofIndices()) {
      Specs.require(before.type().isInteger(), before, "an integer type: an argmax step makes it, or give a threshold");
    } else {
      Specs.requireFloating(before);
    }
    return Specs.typed(before, DataType.BYTES);
  }

  @Override
  Tensor tensorAfter(Tensor before) {
    int[] at = new int[before.count()];
    for (int i = 0; i < at.length; i++) {
      at[i] = ofIndices() ? index(before, i) : side(before, i);
    }
    return new Tensor(before.name(), DataType.BYTES, before.shape(), Numbers.gather(labels, DataType.BYTES, at));
  }

  private boolean ofIndices() {
    return Double.isNaN(threshold);
  }

  private int index(Tensor before, int flat) {
    long index = before.longAt(flat);
    if (index < 0 || index >= labels.count()) {
      throw Tensors.broken(before, flat, before.textAt(flat), "an index from 0 to " + (labels.count() - 1) + ", there are " + labels.count() + " labels");
    }
    return (int) index;
  }

  private int side(Tensor before, int flat) {
    double probability = before.doubleAt(flat);
    if (Double.isNaN(probability)) {
      throw Tensors.broken(before, flat, "NaN", "a number to compare with the threshold " + threshold);
    }
    return probability >= threshold ? 1 : 0;
  }
}
