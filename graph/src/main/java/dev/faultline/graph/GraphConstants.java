package dev.faultline.graph;

import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// The constants of a graph as tensors: its initializers, and what its `Constant` nodes make.
///
/// Nothing is found where the elements are in another file, sparse, of a type that no request can carry (four-bit integers, say), or
/// fewer than the shape promises.
public final class GraphConstants {

  private GraphConstants() {}

  /// The tensor behind a value of the graph, under that name.
  public static Optional<Tensor> find(Graph graph, String value) {
    if (graph.initializers().containsKey(value)) {
      return proto(graph, value).flatMap(GraphConstants::tensor);
    }
    return graph
        .findProducer(value)
        .filter(node -> node.op().equals("Constant") && node.domain().isEmpty())
        .flatMap(node -> made(graph.proto(node)))
        .map(tensor -> tensor.renamed(value));
  }

  static Optional<TensorProto> proto(Graph graph, String name) {
    return graph.model().getGraph().getInitializerList().stream().filter(tensor -> tensor.getName().equals(name)).findFirst();
  }

  /// The data type of a request's tensor with such elements.
  static Optional<DataType> dataType(ElementType type) {
    return Optional.ofNullable(
        switch (type) {
          case FLOAT -> DataType.FP32;
          case DOUBLE -> DataType.FP64;
          case FLOAT16 -> DataType.FP16;
          case BFLOAT16 -> DataType.BF16;
          case STRING -> DataType.BYTES;
          case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> DataType.valueOf(type.name());
          case UNDEFINED, COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, UINT4, INT4, FLOAT4E2M1,
              FLOAT8E8M0, UINT2, INT2 -> null;
        });
  }

  static Optional<Tensor> tensor(TensorProto proto) {
    if (proto.getDataLocation() == TensorProto.DataLocation.EXTERNAL) {
      return Optional.empty();
    }
    Shape shape = Shape.of(proto.getDimsList().stream().mapToLong(Long::longValue).toArray());
    return dataType(ElementType.of(proto.getDataType()))
        .flatMap(type -> elements(proto, type, shape).map(elements -> new Tensor(proto.getName(), type, shape, elements)));
  }

  private static Optional<Elements> elements(TensorProto proto, DataType type, Shape shape) {
    if (type == DataType.BYTES) {
      byte[][] texts = proto.getStringDataList().stream().map(ByteString::toByteArray).toArray(byte[][]::new);
      return texts.length == shape.elementCount() ? Optional.of(Elements.strings(texts)) : Optional.empty();
    }
    ByteBuffer bytes = proto.hasRawData() ? proto.getRawData().asReadOnlyByteBuffer() : typed(proto, type);
    return bytes.remaining() == shape.elementCount() * type.width() ? Optional.of(Elements.fixed(type, bytes)) : Optional.empty();
  }

  /// From the field that ONNX provides for this type, which is often wider than an element.
  private static ByteBuffer typed(TensorProto proto, DataType type) {
    int count = switch (type) {
      case FP32 -> proto.getFloatDataCount();
      case FP64 -> proto.getDoubleDataCount();
      case INT64 -> proto.getInt64DataCount();
      case UINT32, UINT64 -> proto.getUint64DataCount();
      case BOOL, UINT8, UINT16, INT8, INT16, INT32, FP16, BF16, BYTES -> proto.getInt32DataCount();
    };
    ByteBuffer bytes = Elements.allocate(type, count);
    for (int i = 0; i < count; i++) {
      put(bytes, proto, type, i);
    }
    return bytes.flip();
  }

  private static void put(ByteBuffer bytes, TensorProto proto, DataType type, int i) {
    switch (type) {
      case FP32 -> bytes.putFloat(proto.getFloatData(i));
      case FP64 -> bytes.putDouble(proto.getDoubleData(i));
      case INT64 -> bytes.putLong(proto.getInt64Data(i));
      case UINT64 -> bytes.putLong(proto.getUint64Data(i));
      case UINT32 -> bytes.putInt((int) proto.getUint64Data(i));
      case INT32 -> bytes.putInt(proto.getInt32Data(i));
      case UINT16, INT16, FP16, BF16 -> bytes.putShort((short) proto.getInt32Data(i));
      case BOOL, UINT8, INT8, BYTES -> bytes.put((byte) proto.getInt32Data(i));
    }
  }

  private static Optional<Tensor> made(NodeProto constant) {
    return constant.getAttributeList().stream().map(GraphConstants::made).flatMap(Optional::stream).findFirst();
  }

  private static Optional<Tensor> made(AttributeProto attribute) {
    List<Float> floats = attribute.getFloatsList();
    List<Long> ints = attribute.getIntsList();
    return switch (attribute.getName()) {
      case "value" -> tensor(attribute.getT());
      case "value_float" -> Optional.of(Tensor.floats("", Shape.SCALAR, attribute.getF()));
      case "value_int" -> Optional.of(Tensor.longs("", Shape.SCALAR, attribute.getI()));
      case "value_string" -> Optional.of(Tensor.strings("", Shape.SCALAR, List.of(attribute.getS().toStringUtf8())));
      case "value_floats" -> Optional.of(Tensor.floats("", Shape.of(floats.size()), toFloats(floats)));
      case "value_ints" -> Optional.of(Tensor.longs("", Shape.of(ints.size()), ints.stream().mapToLong(Long::longValue).toArray()));
      case "value_strings" ->
          Optional.of(
              Tensor.strings("", Shape.of(attribute.getStringsCount()), attribute.getStringsList().stream().map(ByteString::toStringUtf8).toList()));
      default -> Optional.empty();
    };
  }

  private static float[] toFloats(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
