package dev.faultline.backend.onnx;

import dev.faultline.graph.ElementType;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.stream.LongStream;

/// What the model file says about constants: shapes, whole numbers, attributes.
final class Constants {

  private Constants() {}

  static Shape shape(TensorProto tensor) {
    return Shape.of(tensor.getDimsList().stream().mapToLong(Long::longValue).toArray());
  }

  static long attribute(NodeProto node, String name, long otherwise) {
    return node.getAttributeList().stream().filter(each -> each.getName().equals(name)).mapToLong(AttributeProto::getI).findFirst().orElse(otherwise);
  }

  /// The elements of an `INT32` or `INT64` constant; none for other types and for those kept in another file.
  static LongStream wholeNumbers(TensorProto tensor) {
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return switch (ElementType.of(tensor.getDataType())) {
      case INT64 ->
          LongStream.concat(
              tensor.getInt64DataList().stream().mapToLong(Long::longValue),
              LongStream.range(0, raw.remaining() / Long.BYTES).map(i -> raw.getLong((int) i * Long.BYTES)));
      case INT32 ->
          LongStream.concat(
              tensor.getInt32DataList().stream().mapToLong(Integer::longValue),
              LongStream.range(0, raw.remaining() / Integer.BYTES).map(i -> raw.getInt((int) i * Integer.BYTES)));
      default -> LongStream.empty();
    };
  }
}
