package dev.faultline.graph;

import dev.faultline.graph.proto.ValueInfoProto;

/// A named input or output of a graph with what the model declares about it.
public record Value(String name, ValueType type) {

  /// The element type of a tensor, else [ElementType#UNDEFINED].
  public ElementType element() {
    return type.element();
  }

  static Value of(ValueInfoProto proto) {
    return new Value(proto.getName(), ValueType.of(proto.getType()));
  }
}
