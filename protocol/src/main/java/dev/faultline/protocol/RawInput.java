package dev.faultline.protocol;

import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InputTensor;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;

/// The only input of a model when the whole payload is its bytes: the number of bytes settles the one dimension that is free.
final class RawInput {
  private RawInput() {}

  static InputTensor of(TensorSpec spec, ByteBuffer bytes) {
    return spec.type() == DataType.BYTES ? text(spec, bytes) : numbers(spec, bytes);
  }

  private static InputTensor numbers(TensorSpec spec, ByteBuffer bytes) {
    long settled = spec.type().width();
    for (long extent : spec.wireShape()) {
      settled *= extent < 0 ? 1 : extent;
    }
    long free = settled == 0 ? 0 : bytes.remaining() / settled;
    boolean isFree = spec.wireShape().stream().anyMatch(extent -> extent < 0);
    if (isFree && free * settled != bytes.remaining()) {
      String breach = bytes.remaining() + " bytes of binary data for shape " + spec.wireShape() + " of " + spec.type() + ", which takes a multiple of " + settled;
      return RawElements.breach(spec.name(), spec.type(), breach, 0);
    }
    return RawElements.input(spec.name(), spec.type(), shape(spec, free), bytes, 0);
  }

  /// One text, without its length before it.
  private static InputTensor text(TensorSpec spec, ByteBuffer bytes) {
    Shape shape = shape(spec, 1);
    if (shape.elementCount() != 1) {
      return RawElements.breach(spec.name(), spec.type(), "1 text for shape " + shape + ", which holds " + shape.elementCount(), 0);
    }
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    Elements elements = Elements.strings(new byte[][] {value});
    return InputTensor.of(new Tensor(spec.name(), DataType.BYTES, shape, elements), InputTensor.Layout.BINARY, 0);
  }

  private static Shape shape(TensorSpec spec, long free) {
    List<Long> wire = spec.wireShape();
    return Shape.of(wire.stream().mapToLong(extent -> extent < 0 ? free : extent).toArray());
  }
}
