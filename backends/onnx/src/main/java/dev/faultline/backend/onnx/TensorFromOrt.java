package dev.faultline.backend.onnx;

import static java.lang.foreign.ValueLayout.ADDRESS;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;

/// Our tensor of the engine's.
final class TensorFromOrt {

  private TensorFromOrt() {}

  /// A copy that outlives the run.
  ///
  /// @throws OrtException when the value is more than a Java buffer can hold, or no tensor
  static Tensor copy(String name, OnnxValue value) throws OrtException {
    OnnxTensor tensor = tensor(name, value);
    DataType type = type(name, tensor.getInfo());
    Shape shape = shape(name, type, tensor.getInfo());
    Elements elements =
        type == DataType.BYTES
            ? StringTensors.read(tensor, shape.elementCount())
            : Elements.fixed(type, tensor.getByteBuffer());
    return new Tensor(name, type, shape, elements);
  }

  /// The engine's own memory; not to be touched after the value is closed. For numbers only.
  static Tensor view(String name, OnnxValue value) throws OrtException {
    OnnxTensor tensor = tensor(name, value);
    DataType type = type(name, tensor.getInfo());
    Shape shape = shape(name, type, tensor.getInfo());
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment place = arena.allocate(ADDRESS);
      CInterface.check(CInterface.MUTABLE_DATA.call(CInterface.handle(tensor), place));
      MemorySegment numbers = CInterface.at(place, shape.elementCount() * type.width());
      return new Tensor(name, type, shape, Elements.fixed(type, numbers.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN)));
    }
  }

  private static OnnxTensor tensor(String name, OnnxValue value) throws OrtException {
    if (value instanceof OnnxTensor tensor) {
      return tensor;
    }
    throw new OrtException("output '" + name + "' is a " + value.getType() + " (expected: a tensor)");
  }

  private static DataType type(String name, TensorInfo info) throws OrtException {
    return ElementTypes.find(info.onnxType)
        .orElseThrow(() -> new OrtException("output '" + name + "' holds " + info.onnxType + ", which no answer can carry"));
  }

  private static Shape shape(String name, DataType type, TensorInfo info) throws OrtException {
    Shape shape = Shape.of(info.getShape());
    long bytes = shape.elementCount() * Math.max(1, type.width());
    if (bytes > ModelLoading.FILE_BYTES_MAX) {
      throw new OrtException("output '" + name + "' has " + bytes + " bytes (expected: less than 2 GiB)");
    }
    return shape;
  }
}
