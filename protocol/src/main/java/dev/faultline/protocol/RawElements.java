package dev.faultline.protocol;

import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.Field;
import dev.faultline.request.InputTensor;
import dev.faultline.request.InputTensor.Layout;
import dev.faultline.request.Misfit;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Tensors as both binary wires carry them: little-endian, row-major, no padding; `BOOL` one byte of 0 or 1; before each `BYTES` element
/// its length in four bytes.
///
/// Elements of fixed width stay where they are in the payload. Both directions stand here because the format is one.
final class RawElements {
  private static final int LENGTH_BYTES = Integer.BYTES;
  /// What a Java array holds, less a margin for names and shapes.
  private static final long ANSWER_BYTES_MAX = Integer.MAX_VALUE - (1L << 24);

  private RawElements() {}

  /// The input that these bytes are. Bytes that contradict the shape make a size breach, which VALIDATE reports.
  ///
  /// @throws FaultException `decode.binary_length` when a `BYTES` element is longer than what is left
  static InputTensor input(String name, DataType type, Shape shape, ByteBuffer bytes, int position) {
    return type == DataType.BYTES ? texts(name, shape, bytes, position) : fixed(name, type, shape, bytes, position);
  }

  /// An input whose bytes contradict its shape.
  static InputTensor breach(String name, DataType type, String breach, int position) {
    Elements none = type == DataType.BYTES ? Elements.strings(new byte[0][]) : Elements.fixed(type, ByteBuffer.allocate(0));
    return new InputTensor(new Tensor(name, type, Shape.of(0), none), Layout.BINARY, position, List.of(), 0, breach);
  }

  /// Bytes that the tensor takes on the wire.
  static long byteCount(Tensor tensor) {
    return switch (tensor.elements()) {
      case Elements.Fixed _ -> tensor.byteSize();
      case Elements.Strings _ -> tensor.byteSize() + (long) LENGTH_BYTES * tensor.count();
    };
  }

  /// Bytes of an answer with these outputs.
  ///
  /// @throws FaultException carrying an `EncodeFault` when that is more than one answer can hold
  static int requireSendable(List<Tensor> outputs, int otherBytes) {
    long size = otherBytes;
    for (Tensor tensor : outputs) {
      size += byteCount(tensor);
      if (size > ANSWER_BYTES_MAX) {
        String reason = "the outputs up to '" + tensor.name() + "' take " + size + " bytes; one answer carries at most " + ANSWER_BYTES_MAX;
        throw new FaultException(new EncodeFault(reason, List.of(Field.output(tensor.name())), List.of()));
      }
    }
    return (int) size;
  }

  static void write(Tensor tensor, ByteBuffer target) {
    switch (tensor.elements()) {
      case Elements.Fixed fixed -> target.put(fixed.bytes());
      case Elements.Strings strings -> {
        ByteBuffer ordered = target.order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < strings.count(); i++) {
          ordered.putInt(strings.bytesAt(i).length).put(strings.bytesAt(i));
        }
      }
    }
  }

  private static InputTensor fixed(String name, DataType type, Shape shape, ByteBuffer bytes, int position) {
    long got = bytes.remaining();
    if (got % type.width() != 0 || got / type.width() != shape.elementCount()) {
      return breach(name, type, got + " bytes of binary data for shape " + shape + " of " + type + ", which takes " + wanted(type, shape), position);
    }
    return type == DataType.BOOL ? booleans(name, shape, bytes, position) : tensor(name, type, shape, bytes, position);
  }

  private static InputTensor tensor(String name, DataType type, Shape shape, ByteBuffer bytes, int position) {
    return InputTensor.of(new Tensor(name, type, shape, Elements.fixed(type, bytes)), Layout.BINARY, position);
  }

  /// Anything but 0 and 1 is no truth value, and engines do not agree on what it does.
  private static InputTensor booleans(String name, Shape shape, ByteBuffer bytes, int position) {
    int bad = firstBad(bytes, 0);
    if (bad < 0) {
      return tensor(name, DataType.BOOL, shape, bytes, position);
    }
    var misfits = new Misfits();
    ByteBuffer sound = Elements.allocate(DataType.BOOL, bytes.remaining()).put(bytes.duplicate()).flip();
    for (; bad >= 0; bad = firstBad(bytes, bad + 1)) {
      sound.put(bad, (byte) 0);
      misfits.add(bad, Misfit.Kind.OUT_OF_RANGE, Integer.toString(Byte.toUnsignedInt(bytes.get(bytes.position() + bad))));
    }
    var tensor = new Tensor(name, DataType.BOOL, shape, Elements.fixed(DataType.BOOL, sound));
    return new InputTensor(tensor, Layout.BINARY, position, misfits.kept(), misfits.count(), "");
  }

  private static int firstBad(ByteBuffer bytes, int from) {
    for (int i = from; i < bytes.remaining(); i++) {
      if ((bytes.get(bytes.position() + i) & 0xFE) != 0) {
        return i;
      }
    }
    return -1;
  }

  private static InputTensor texts(String name, Shape shape, ByteBuffer bytes, int position) {
    ByteBuffer source = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int count = countTexts(name, source.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    if (count != shape.elementCount()) {
      String got = count + (count == 1 ? " text in " : " texts in ") + source.limit() + " bytes of binary data";
      return breach(name, DataType.BYTES, got + " for shape " + shape + ", which holds " + shape.elementCount(), position);
    }
    byte[][] values = new byte[count][];
    for (int i = 0; i < count; i++) {
      values[i] = new byte[source.getInt()];
      source.get(values[i]);
    }
    return InputTensor.of(new Tensor(name, DataType.BYTES, shape, Elements.strings(values)), Layout.BINARY, position);
  }

  /// Counts before anything is stored, so that storage never exceeds what was sent.
  private static int countTexts(String name, ByteBuffer source) {
    int count = 0;
    while (source.hasRemaining()) {
      if (source.remaining() < LENGTH_BYTES) {
        throw cutOff(name, count, source.remaining(), LENGTH_BYTES);
      }
      long length = Integer.toUnsignedLong(source.getInt());
      if (length > source.remaining()) {
        throw cutOff(name, count, source.remaining(), length);
      }
      source.position(source.position() + (int) length);
      count++;
    }
    return count;
  }

  private static FaultException cutOff(String name, int index, long got, long want) {
    var element = new Field("inputs/" + name + "[" + index + "]", name, List.of((long) index), "", "");
    return new FaultException(new DecodeFault.BinaryLength(element, got, want));
  }

  private static String wanted(DataType type, Shape shape) {
    boolean countable = shape.elementCount() <= Long.MAX_VALUE / type.width();
    return countable ? Long.toString(shape.elementCount() * type.width()) : "more than can be counted";
  }
}
