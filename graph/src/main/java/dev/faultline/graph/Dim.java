package dev.faultline.graph;

import dev.faultline.graph.proto.TensorShapeProto.Dimension;

/// One axis of a declared shape.
public sealed interface Dim {

  /// An axis of a size known before any request.
  record Fixed(long size) implements Dim {}

  /// An axis whose size has a name, such as `batch`; equal names mean equal sizes within one run.
  record Symbolic(String name) implements Dim {}

  /// An axis about which the model says nothing.
  record Unknown() implements Dim {}

  /// Reads the shorthand of [GraphBuilder]: a whole number is [Fixed] (-1 is [Unknown]), a string is [Symbolic].
  static Dim of(Object shorthand) {
    return switch (shorthand) {
      case Dim dim -> dim;
      case Integer size -> ofSize(size);
      case Long size -> ofSize(size);
      case String name -> new Symbolic(name);
      case Object other ->
          throw new IllegalArgumentException(
              "dimension " + other + " is a " + other.getClass().getSimpleName() + " (expected: a whole number or a name)");
    };
  }

  private static Dim ofSize(long size) {
    return size < 0 ? new Unknown() : new Fixed(size);
  }

  static Dim of(Dimension proto) {
    return switch (proto.getValueCase()) {
      case DIM_VALUE -> ofSize(proto.getDimValue());
      case DIM_PARAM -> proto.getDimParam().isEmpty() ? new Unknown() : new Symbolic(proto.getDimParam());
      case VALUE_NOT_SET -> new Unknown();
    };
  }

  /// This axis in ONNX's own form.
  default Dimension toProto() {
    Dimension.Builder proto = Dimension.newBuilder();
    switch (this) {
      case Fixed(long size) -> proto.setDimValue(size);
      case Symbolic(String name) -> proto.setDimParam(name);
      case Unknown() -> {}
    }
    return proto.build();
  }
}
