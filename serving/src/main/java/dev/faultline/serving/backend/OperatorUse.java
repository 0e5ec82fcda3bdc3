package dev.faultline.serving.backend;

import dev.faultline.tensor.DataType;
import java.util.List;

/// An operator of ONNX's own domain as a graph uses it. `types` are those of its operands as far as known, empty when none is.
public record OperatorUse(String op, List<DataType> types) {
  public OperatorUse {
    types = List.copyOf(types);
  }
}
