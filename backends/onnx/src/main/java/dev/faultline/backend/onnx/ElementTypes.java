package dev.faultline.backend.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.faultline.graph.ElementType;
import dev.faultline.tensor.DataType;
import java.util.Locale;
import java.util.Optional;

/// The three names of an element type: the protocol's, the engine's, and the one that the Java binding can make a tensor of.
final class ElementTypes {

  private ElementTypes() {}

  /// Empty for what the protocol cannot carry: complex numbers, floats of eight bits, integers of four.
  static Optional<DataType> find(OnnxTensorType type) {
    return Optional.ofNullable(
        switch (type) {
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> DataType.BOOL;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> DataType.UINT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> DataType.UINT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> DataType.UINT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> DataType.UINT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> DataType.INT8;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> DataType.INT16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> DataType.INT32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> DataType.INT64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> DataType.FP16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> DataType.BF16;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> DataType.FP32;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> DataType.FP64;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> DataType.BYTES;
          case ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX64,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_COMPLEX128,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FN,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E4M3FNUZ,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2,
              ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT8E5M2FNUZ ->
              null;
        });
  }

  /// Whether the protocol has a type for it. What a file does not declare the engine works out, and it is asked again then.
  static boolean isCarried(ElementType declared) {
    return switch (declared) {
      case UNDEFINED, FLOAT, UINT8, INT8, UINT16, INT16, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, UINT32, UINT64, BFLOAT16 -> true;
      case COMPLEX64, COMPLEX128, FLOAT8E4M3FN, FLOAT8E4M3FNUZ, FLOAT8E5M2, FLOAT8E5M2FNUZ, UINT4, INT4, FLOAT4E2M1, FLOAT8E8M0, UINT2, INT2 -> false;
    };
  }

  /// The binding has no unsigned integers beyond eight bits: their bits travel as signed ones, see [UnsignedInputs].
  static OnnxJavaType binding(DataType type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT8 -> OnnxJavaType.INT8;
      case UINT16, INT16 -> OnnxJavaType.INT16;
      case UINT32, INT32 -> OnnxJavaType.INT32;
      case UINT64, INT64 -> OnnxJavaType.INT64;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case BYTES -> OnnxJavaType.STRING;
    };
  }

  /// The unsigned type whose bits travel as `signed`.
  static DataType unsigned(DataType signed) {
    return DataType.valueOf("U" + signed.name());
  }

  /// As people say it: `complex64`.
  static String spoken(OnnxTensorType type) {
    return type.name().substring("ONNX_TENSOR_ELEMENT_DATA_TYPE_".length()).toLowerCase(Locale.ROOT);
  }
}
