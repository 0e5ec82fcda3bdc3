package dev.faultline.graph;

import dev.faultline.graph.proto.TensorShapeProto;
import dev.faultline.graph.proto.TypeProto;
import java.util.List;

/// What a model declares about a value.
public sealed interface ValueType {

  /// A tensor with a declared number of axes.
  record Dense(ElementType element, List<Dim> shape) implements ValueType {
    public Dense {
      shape = List.copyOf(shape);
    }
  }

  /// A tensor of which only the element type is declared.
  record Unranked(ElementType element) implements ValueType {}

  /// Something that is no dense tensor: `form` is `sequence`, `map`, `optional`, `sparse tensor` or `opaque`.
  record Other(String form) implements ValueType {}

  /// A value of which the model declares the name only.
  record Undeclared() implements ValueType {}

  /// The element type of a tensor, else [ElementType#UNDEFINED].
  default ElementType element() {
    return switch (this) {
      case Dense(ElementType element, _) -> element;
      case Unranked(ElementType element) -> element;
      case Other _, Undeclared _ -> ElementType.UNDEFINED;
    };
  }

  static ValueType of(TypeProto proto) {
    return switch (proto.getValueCase()) {
      case TENSOR_TYPE -> ofTensor(proto.getTensorType());
      case SEQUENCE_TYPE -> new Other("sequence");
      case MAP_TYPE -> new Other("map");
      case OPAQUE_TYPE -> new Other("opaque");
      case SPARSE_TENSOR_TYPE -> new Other("sparse tensor");
      case OPTIONAL_TYPE -> new Other("optional");
      case VALUE_NOT_SET -> new Undeclared();
    };
  }

  private static ValueType ofTensor(TypeProto.Tensor tensor) {
    ElementType element = ElementType.of(tensor.getElemType());
    return tensor.hasShape() ? new Dense(element, dims(tensor.getShape())) : new Unranked(element);
  }

  private static List<Dim> dims(TensorShapeProto shape) {
    return shape.getDimList().stream().map(Dim::of).toList();
  }
}
