package dev.faultline.contract;

import dev.faultline.tensor.DataType;
import java.util.List;

/// Name, data type and dimensions of one input or output.
///
/// `columns` names the elements of the last axis and is empty when nobody named them.
public record TensorSpec(String name, DataType type, List<Dimension> dimensions, List<String> columns, Presence presence) {

  /// Whether a request may leave an input out.
  public enum Presence {
    REQUIRED,
    OPTIONAL
  }

  public TensorSpec {
    dimensions = List.copyOf(dimensions);
    columns = List.copyOf(columns);
  }

  public static TensorSpec of(String name, DataType type, List<Dimension> dimensions) {
    return new TensorSpec(name, type, dimensions, List.of(), Presence.REQUIRED);
  }

  public TensorSpec withColumns(List<String> names) {
    return new TensorSpec(name, type, dimensions, names, presence);
  }

  /// The shape as messages and metadata write it: `[-1,3]`.
  public List<Long> wireShape() {
    return dimensions.stream().map(Dimension::wireExtent).toList();
  }
}
