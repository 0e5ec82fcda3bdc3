package dev.faultline.backend.onnx;

import dev.faultline.graph.ElementType;
import dev.faultline.graph.Graph;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.Locale;
import java.util.stream.Stream;

/// Says in words what a model declares of an input or output that no request can carry, and how to export it otherwise.
final class TypeWords {
  static final String EXPORT_TENSORS = "export it as tensors";
  static final String CAST = "put a Cast to a common type such as float beside it when exporting";

  private TypeWords() {}

  /// What the file declares of a graph's input or output.
  static TypeProto declared(Graph graph, String name) {
    GraphProto proto = graph.model().getGraph();
    return Stream.concat(proto.getInputList().stream(), proto.getOutputList().stream())
        .filter(value -> value.getName().equals(name))
        .findFirst()
        .map(ValueInfoProto::getType)
        .orElseGet(TypeProto::getDefaultInstance);
  }

  /// Such as `a sequence of maps from int64 to float`.
  static String of(TypeProto type) {
    return article(type) + one(type);
  }

  static String mend(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> CAST;
      case SEQUENCE_TYPE -> type.getSequenceType().getElemType().hasMapType()
          ? "export classifiers with zipmap=False"
          : "end the graph with ConcatFromSequence, or make the members outputs of their own";
      case MAP_TYPE -> "give it one tensor for each key, as columns do";
      case OPTIONAL_TYPE -> "make it a plain tensor, and a Boolean beside it that says whether it counts";
      case SPARSE_TENSOR_TYPE -> "make it a dense tensor";
      case OPAQUE_TYPE, VALUE_NOT_SET -> EXPORT_TENSORS;
    };
  }

  private static String article(TypeProto type) {
    return type.hasOptionalType() || type.hasOpaqueType() ? "an " : "a ";
  }

  private static String one(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> "tensor of " + element(type.getTensorType().getElemType());
      case SEQUENCE_TYPE -> "sequence of " + several(type.getSequenceType().getElemType());
      case MAP_TYPE -> "map from " + element(type.getMapType().getKeyType()) + " to " + inner(type.getMapType().getValueType());
      case OPTIONAL_TYPE -> "optional " + one(type.getOptionalType().getElemType());
      case SPARSE_TENSOR_TYPE -> "sparse tensor of " + element(type.getSparseTensorType().getElemType());
      case OPAQUE_TYPE -> "opaque value";
      case VALUE_NOT_SET -> "value of unknown type";
    };
  }

  private static String several(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> "tensors of " + element(type.getTensorType().getElemType());
      case SEQUENCE_TYPE -> "sequences of " + several(type.getSequenceType().getElemType());
      case MAP_TYPE -> "maps from " + element(type.getMapType().getKeyType()) + " to " + inner(type.getMapType().getValueType());
      case OPTIONAL_TYPE, SPARSE_TENSOR_TYPE, OPAQUE_TYPE, VALUE_NOT_SET -> one(type) + "s";
    };
  }

  /// The value of a map is a tensor without dimensions in almost every model: then its type says enough.
  private static String inner(TypeProto type) {
    return type.hasTensorType() ? element(type.getTensorType().getElemType()) : one(type);
  }

  private static String element(int number) {
    return ElementType.of(number).name().toLowerCase(Locale.ROOT);
  }
}
