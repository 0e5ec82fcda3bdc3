package dev.faultline.serving.batch;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What requests must have in common to run together: the same inputs, of equal type, and of equal shape beyond the first axis.
record BatchKey(List<Part> parts) {

  record Part(String name, DataType type, Shape row) {}

  BatchKey {
    parts = List.copyOf(parts);
  }

  /// Empty when the inputs do not all hold the same number of rows, one at least.
  static Optional<BatchKey> of(List<Tensor> inputs) {
    long rows = rows(inputs);
    if (rows < 1) {
      return Optional.empty();
    }
    var parts = new ArrayList<Part>(inputs.size());
    for (Tensor input : inputs) {
      if (input.shape().rank() == 0 || input.shape().extent(0) != rows) {
        return Optional.empty();
      }
      parts.add(new Part(input.name(), input.type(), RowStack.row(input.shape())));
    }
    return Optional.of(new BatchKey(parts));
  }

  static long rows(List<Tensor> inputs) {
    return inputs.isEmpty() || inputs.getFirst().shape().rank() == 0 ? 0 : inputs.getFirst().shape().extent(0);
  }
}
