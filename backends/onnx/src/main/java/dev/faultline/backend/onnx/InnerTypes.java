package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Scope.Origin;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.tensor.DataType;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The data type of an inner value of whole numbers, as far as a look at what made it tells.
final class InnerTypes {

  private static final Set<String> INT64 = Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero");
  private static final Set<String> SAME =
      Set.of(
          "Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Expand", "Tile", "Concat", "Slice", "Gather", "Add",
          "Sub", "Mul", "Div", "Mod", "Neg", "Abs", "Min", "Max", "Sum", "ReduceSum", "ReduceMax", "ReduceMin", "Clip", "Split");
  private static final int STEPS_MAX = 256;

  private InnerTypes() {}

  static Optional<DataType> find(String value, Scope scope, Map<String, DataType> inputs) {
    String name = value;
    Scope seen = scope;
    for (int step = 0; step < STEPS_MAX; step++) {
      switch (seen.find(name)) {
        case Origin.Input(String input) -> {
          return Optional.ofNullable(inputs.get(input));
        }
        case Origin.Constant(var tensor) -> {
          return whole(ElementType.of(tensor.getDataType()));
        }
        case Origin.Made(NodeProto by, Scope inner) when SAME.contains(by.getOpType()) -> {
          name = by.getInput(0);
          seen = inner;
        }
        case Origin.Made(NodeProto by, _) -> {
          return made(by);
        }
        case Origin.Unknown _ -> {
          return Optional.empty();
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<DataType> made(NodeProto by) {
    if (by.getOpType().equals("Cast")) {
      return whole(ElementType.of(Constants.attribute(by, "to", 0)));
    }
    return INT64.contains(by.getOpType()) ? Optional.of(DataType.INT64) : Optional.empty();
  }

  private static Optional<DataType> whole(ElementType type) {
    return switch (type) {
      case INT32 -> Optional.of(DataType.INT32);
      case INT64 -> Optional.of(DataType.INT64);
      default -> Optional.empty();
    };
  }
}
