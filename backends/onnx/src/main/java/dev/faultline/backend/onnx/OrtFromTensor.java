package dev.faultline.backend.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;

/// The engine's tensor of ours.
///
/// Elements outside the heap are lent to the engine as they are. Elements on the heap are copied once, into memory of the run's arena,
/// which ends with the run: a direct buffer would wait for the garbage collector instead.
final class OrtFromTensor {

  private OrtFromTensor() {}

  /// The tensor must be closed before the arena is.
  static OnnxTensor convert(Tensor tensor, Arena arena) throws OrtException {
    long[] shape = tensor.shape().toArray();
    return switch (tensor.elements()) {
      case Elements.Strings texts -> StringTensors.create(texts, shape);
      case Elements.Fixed fixed ->
          OnnxTensor.createTensor(
              Engine.ENVIRONMENT, outside(fixed.bytes(), tensor.type(), arena), shape, ElementTypes.binding(tensor.type()));
    };
  }

  private static ByteBuffer outside(ByteBuffer bytes, DataType type, Arena arena) {
    MemorySegment source = MemorySegment.ofBuffer(bytes);
    if (source.isNative() && source.address() % type.width() == 0) {
      return bytes;
    }
    return arena.allocate(source.byteSize(), Long.BYTES).copyFrom(source).asByteBuffer().order(bytes.order());
  }
}
