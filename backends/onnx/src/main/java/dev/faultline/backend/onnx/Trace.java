package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Scope.Origin;
import dev.faultline.graph.ElementType;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.tensor.DataType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where an operand comes from, as far back as its elements stay what the caller sent.
///
/// `inputs` are the model inputs among its sources; `complete` says that there are no others. A caller may only be blamed for elements
/// that nothing computed in between, so the trace passes through operators that move elements (and casts that keep whole numbers) and
/// stops at all others.
record Trace(List<String> inputs, boolean complete) {

  /// Put elements elsewhere, drop none, change none. Slice and Gather drop some: an element found in the input need not be the one used.
  private static final Set<String> MOVING =
      Set.of("Identity", "Reshape", "Squeeze", "Unsqueeze", "Flatten", "Transpose", "Expand", "Tile", "Concat", "Cast");

  /// A chain longer than this is not followed to its end.
  private static final int STEPS_MAX = 256;

  Trace {
    inputs = List.copyOf(inputs);
  }

  /// The sources of a value by name.
  ///
  /// @param types data types of the model's inputs
  static Trace of(String value, Scope scope, Map<String, DataType> types) {
    return new Tracer(types).trace(value, scope);
  }

  /// One walk back; bounded by the number of names it visits.
  private static final class Tracer {
    private final Map<String, DataType> types;
    private final Set<String> inputs = new LinkedHashSet<>();
    private boolean complete = true;
    private int steps;

    Tracer(Map<String, DataType> types) {
      this.types = types;
    }

    Trace trace(String value, Scope scope) {
      follow(value, scope, ElementType.UNDEFINED);
      return new Trace(List.copyOf(inputs), complete);
    }

    /// @param cast the narrowest type that the value is cast to on its way to the operand
    private void follow(String value, Scope scope, ElementType cast) {
      steps++;
      switch (scope.find(value)) {
        case Origin.Input(String name) when keeps(types.get(name), cast) -> inputs.add(name);
        case Origin.Made(NodeProto by, Scope seen) when steps < STEPS_MAX && MOVING.contains(by.getOpType()) -> follow(by, seen, cast);
        case Origin.Input _, Origin.Constant _, Origin.Made _, Origin.Unknown _ -> complete = false;
      }
    }

    private void follow(NodeProto by, Scope seen, ElementType cast) {
      switch (by.getOpType()) {
        case "Concat" -> by.getInputList().forEach(part -> follow(part, seen, cast));
        case "Cast" -> follow(by.getInput(0), seen, narrowest(cast, target(by)));
        default -> follow(by.getInput(0), seen, cast);
      }
    }

    private static ElementType target(NodeProto cast) {
      Optional<AttributeProto> to = cast.getAttributeList().stream().filter(each -> each.getName().equals("to")).findFirst();
      return ElementType.of(to.map(AttributeProto::getI).orElse(0L));
    }

    private static ElementType narrowest(ElementType a, ElementType b) {
      return a == ElementType.UNDEFINED || b != ElementType.INT64 ? b : a;
    }

    /// Whether a number of an input is still the same number after the cast, so that looking at the input is enough.
    private static boolean keeps(@Nullable DataType type, ElementType cast) {
      if (type == null) {
        return false;
      }
      return switch (cast) {
        case UNDEFINED -> true;
        case INT64 -> type != DataType.UINT64 && type != DataType.BYTES;
        case INT32 -> type.isInteger() && (type.width() < Integer.BYTES || type == DataType.INT32);
        default -> false;
      };
    }
  }
}
