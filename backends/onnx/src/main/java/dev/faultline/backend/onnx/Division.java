package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Hazard.Kind;
import dev.faultline.backend.onnx.Hazard.Protection;
import dev.faultline.backend.onnx.Operand.Element;
import dev.faultline.backend.onnx.Scope.Origin;
import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.fault.Field;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A division of `INT32` or `INT64` that may overflow. `types` are those of the model's inputs.
///
/// The check does not pair elements as broadcasting would: -1 anywhere in the divisor and the smallest integer anywhere in the dividend
/// are refused together. The smallest integer is no value that means anything, so nothing sound is lost.
record Division(Located node, DataType type, Map<String, DataType> types) {

  private static final Set<String> NEVER_NEGATIVE = Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero", "Abs");

  static Optional<Division> find(Located node, Map<String, DataType> types) {
    boolean divides =
        switch (node.proto().getOpType()) {
          case "Div" -> true;
          case "Mod" -> Constants.attribute(node.proto(), "fmod", 0) == 0;
          default -> false;
        };
    if (!divides) {
      return Optional.empty();
    }
    return InnerTypes.find(node.operand(0), node.scope(), types)
        .or(() -> InnerTypes.find(node.operand(1), node.scope(), types))
        .filter(type -> type == DataType.INT32 || type == DataType.INT64)
        .map(type -> new Division(node, type, types))
        .filter(division -> division.mayHold(0, division.smallest()) && division.mayHold(1, -1));
  }

  long smallest() {
    return type == DataType.INT32 ? Integer.MIN_VALUE : Long.MIN_VALUE;
  }

  Hazard hazard() {
    boolean seen = isSeen(0) && isSeen(1);
    return new Hazard(node.ref(), Kind.DIVISION_OVERFLOW, seen ? Protection.REFUSED : Protection.NONE);
  }

  /// The elements that together end the process, divisor first; those that the file holds itself are left out.
  Optional<List<Field>> overflow(Map<String, Tensor> sent) {
    Optional<Element> divisor = first(1, -1, sent);
    Optional<Element> dividend = first(0, smallest(), sent);
    boolean overflows = (divisor.isPresent() || isConstantWith(1, -1)) && (dividend.isPresent() || isConstantWith(0, smallest()));
    return overflows
        ? Optional.of(List.of(divisor, dividend).stream().flatMap(Optional::stream).map(Element::field).toList())
        : Optional.empty();
  }

  private Optional<Element> first(int position, long value, Map<String, Tensor> sent) {
    return Operand.of(node, position, types, sent).first((tensor, flat) -> Operand.wholeNumber(tensor, flat) == value);
  }

  private boolean mayHold(int position, long value) {
    return switch (node.scope().find(node.operand(position))) {
      case Origin.Constant _ -> isConstantWith(position, value);
      case Origin.Made(var by, _) -> !NEVER_NEGATIVE.contains(by.getOpType());
      case Origin.Input _, Origin.Unknown _ -> true;
    };
  }

  private boolean isConstantWith(int position, long value) {
    return node.scope().find(node.operand(position)) instanceof Origin.Constant(var tensor)
        && Constants.wholeNumbers(tensor).anyMatch(each -> each == value);
  }

  private boolean isSeen(int position) {
    return node.scope().find(node.operand(position)) instanceof Origin.Constant
        || Trace.of(node.operand(position), node.scope(), types).complete();
  }
}
