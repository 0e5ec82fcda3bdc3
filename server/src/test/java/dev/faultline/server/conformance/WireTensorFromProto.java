package dev.faultline.server.conformance;

import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.tensor.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Reads ONNX's own tensors, which hold their elements in one of seven members.
final class WireTensorFromProto {
  private WireTensorFromProto() {}

  /// Empty for element types that the protocol does not have.
  static Optional<WireTensor> convert(String name, TensorProto tensor) {
    return type(tensor.getDataType()).map(type -> new WireTensor(name, type, tensor.getDimsList(), bytes(tensor, type)));
  }

  static Optional<DataType> type(int number) {
    TensorProto.DataType type = TensorProto.DataType.forNumber(number);
    return switch (type == null ? TensorProto.DataType.UNDEFINED : type) {
      case BOOL -> Optional.of(DataType.BOOL);
      case UINT8 -> Optional.of(DataType.UINT8);
      case UINT16 -> Optional.of(DataType.UINT16);
      case UINT32 -> Optional.of(DataType.UINT32);
      case UINT64 -> Optional.of(DataType.UINT64);
      case INT8 -> Optional.of(DataType.INT8);
      case INT16 -> Optional.of(DataType.INT16);
      case INT32 -> Optional.of(DataType.INT32);
      case INT64 -> Optional.of(DataType.INT64);
      case FLOAT16 -> Optional.of(DataType.FP16);
      case BFLOAT16 -> Optional.of(DataType.BF16);
      case FLOAT -> Optional.of(DataType.FP32);
      case DOUBLE -> Optional.of(DataType.FP64);
      case STRING -> Optional.of(DataType.BYTES);
      case UNDEFINED, COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, UINT4, INT4, FLOAT4E2M1, FLOAT8E8M0, UINT2, INT2 ->
          Optional.empty();
    };
  }

  private static ByteString bytes(TensorProto tensor, DataType type) {
    if (type == DataType.BYTES) {
      return WireTensor.ofTexts(tensor.getStringDataList());
    }
    if (tensor.hasRawData()) {
      return tensor.getRawData();
    }
    int count = (int) tensor.getDimsList().stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
    ByteBuffer bytes = ByteBuffer.allocate(count * type.width()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      put(bytes, tensor, type, i);
    }
    return ByteString.copyFrom(bytes.flip());
  }

  private static void put(ByteBuffer bytes, TensorProto tensor, DataType type, int index) {
    switch (type) {
      case FP32 -> bytes.putFloat(tensor.getFloatData(index));
      case FP64 -> bytes.putDouble(tensor.getDoubleData(index));
      case INT64 -> bytes.putLong(tensor.getInt64Data(index));
      case UINT64 -> bytes.putLong(tensor.getUint64Data(index));
      case UINT32 -> bytes.putInt((int) tensor.getUint64Data(index));
      case INT32 -> bytes.putInt(tensor.getInt32Data(index));
      case UINT16, INT16, FP16, BF16 -> bytes.putShort((short) tensor.getInt32Data(index));
      case BOOL, UINT8, INT8 -> bytes.put((byte) tensor.getInt32Data(index));
      case BYTES -> throw new IllegalArgumentException("texts are read apart");
    }
  }
}
