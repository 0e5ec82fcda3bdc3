package dev.faultline.backend.onnx;

import dev.faultline.backend.onnx.Scope.Origin;
import dev.faultline.backend.onnx.SourceNodes.Located;
import dev.faultline.fault.Field;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One operand of a failed node, seen together with the request: `sent` are the request's tensors among its sources.
record Operand(Located node, String value, List<Tensor> sent, boolean complete) {

  /// Picks the element that the engine cannot have liked.
  @FunctionalInterface
  interface Offence {
    boolean at(Tensor tensor, int flat);
  }

  /// An element of a tensor of the request.
  record Element(Tensor tensor, int flat) {

    Field field() {
      return Field.inputElement(tensor.name(), tensor.shape(), flat, List.of(), "");
    }

    String text() {
      return tensor.textAt(flat);
    }
  }

  Operand {
    sent = List.copyOf(sent);
  }

  static Operand of(Located node, int position, Map<String, DataType> types, Map<String, Tensor> sent) {
    String value = node.operand(position);
    Trace trace = Trace.of(value, node.scope(), types);
    List<Tensor> tensors = trace.inputs().stream().filter(sent::containsKey).map(sent::get).toList();
    return new Operand(node, value, tensors, trace.complete() && tensors.size() == trace.inputs().size());
  }

  /// The element as a whole number, cast as the engine does it: what fits no `long` becomes the smallest.
  static long wholeNumber(Tensor tensor, int flat) {
    if (!tensor.type().isFloating()) {
      return tensor.longAt(flat);
    }
    double value = tensor.doubleAt(flat);
    return value >= -0x1p63 && value < 0x1p63 ? (long) value : Long.MIN_VALUE;
  }

  Optional<Element> first(Offence offence) {
    for (Tensor tensor : sent) {
      for (int flat = 0; flat < tensor.count(); flat++) {
        if (offence.at(tensor, flat)) {
          return Optional.of(new Element(tensor, flat));
        }
      }
    }
    return Optional.empty();
  }

  /// Whole inputs, when nothing else went into the operand; the element where an input has only one.
  List<Field> wholes() {
    return complete ? sent.stream().map(Operand::whole).toList() : List.of();
  }

  private static Field whole(Tensor tensor) {
    return tensor.count() == 1 ? new Element(tensor, 0).field() : Field.input(tensor.name(), "");
  }

  /// The shape that the operand has in every run or in this one.
  Optional<Shape> shape() {
    return switch (node.scope().find(value)) {
      case Origin.Constant(var tensor) -> Optional.of(Constants.shape(tensor));
      case Origin.Input(String name) -> sent.stream().filter(tensor -> tensor.name().equals(name)).map(Tensor::shape).findFirst();
      case Origin.Made _, Origin.Unknown _ -> Optional.empty();
    };
  }

  /// As the source of an evidence: `initializer emb.weight[249,16]`, `input x[2,3]`, `value h`.
  String source() {
    String shape = shape().map(Shape::toString).orElse("");
    return switch (node.scope().find(value)) {
      case Origin.Constant _ -> "initializer " + value + shape;
      case Origin.Input _ -> "input " + value + shape;
      case Origin.Made _, Origin.Unknown _ -> "value " + value;
    };
  }
}
