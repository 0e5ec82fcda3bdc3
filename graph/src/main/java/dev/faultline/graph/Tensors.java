package dev.faultline.graph;

import com.google.protobuf.ByteString;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.TensorShapeProto;
import dev.faultline.graph.proto.TypeProto;
import java.util.Arrays;
import java.util.List;

/// Constants in ONNX's own form, checked against their shape.
final class Tensors {

  private Tensors() {}

  static TensorProto of(String name, float[] values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.FLOAT, values.length, shape);
    for (float value : values) {
      tensor.addFloatData(value);
    }
    return tensor.build();
  }

  static TensorProto of(String name, double[] values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.DOUBLE, values.length, shape);
    for (double value : values) {
      tensor.addDoubleData(value);
    }
    return tensor.build();
  }

  static TensorProto of(String name, long[] values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.INT64, values.length, shape);
    for (long value : values) {
      tensor.addInt64Data(value);
    }
    return tensor.build();
  }

  static TensorProto of(String name, int[] values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.INT32, values.length, shape);
    for (int value : values) {
      tensor.addInt32Data(value);
    }
    return tensor.build();
  }

  static TensorProto of(String name, boolean[] values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.BOOL, values.length, shape);
    for (boolean value : values) {
      tensor.addInt32Data(value ? 1 : 0);
    }
    return tensor.build();
  }

  static TensorProto of(String name, List<String> values, long... shape) {
    TensorProto.Builder tensor = shaped(name, ElementType.STRING, values.size(), shape);
    values.forEach(value -> tensor.addStringData(ByteString.copyFromUtf8(value)));
    return tensor.build();
  }

  /// The type of a tensor as an input or output would declare it.
  static TypeProto typeOf(TensorProto tensor) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    tensor.getDimsList().forEach(size -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(size)));
    return TypeProto.newBuilder()
        .setTensorType(TypeProto.Tensor.newBuilder().setElemType(tensor.getDataType()).setShape(shape))
        .build();
  }

  private static TensorProto.Builder shaped(String name, ElementType type, int count, long... shape) {
    long expected = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (expected != count) {
      throw new IllegalArgumentException(
          "tensor '" + name + "' has " + count + " elements (expected: " + expected + " for shape " + Arrays.toString(shape)
              + ")");
    }
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(type.number());
    for (long size : shape) {
      tensor.addDims(size);
    }
    return tensor;
  }
}
