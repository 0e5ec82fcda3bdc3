package dev.faultline.backend.process;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Tensors on the way between two processes: name, type and shape in the frame, elements in the region.
///
/// Elements of fixed width lie as they are; texts lie as a table of their lengths, four bytes each, followed by their bytes.
final class TensorWire {

  /// What the reader gets.
  enum Storage {
    /// The region itself, good until the next frame.
    VIEW,
    /// A copy that stays.
    COPY
  }

  private TensorWire() {}

  static void write(WireWriter out, List<Tensor> tensors, SharedRegion region) throws IOException {
    long bytes = 0;
    for (Tensor tensor : tensors) {
      bytes = aligned(bytes) + stored(tensor);
    }
    MemorySegment data = region.reserve(bytes);
    out.i64(bytes).i32(tensors.size());
    long at = 0;
    for (Tensor tensor : tensors) {
      at = aligned(at);
      long length = stored(tensor);
      put(tensor.elements(), data.asSlice(at, length));
      out.text(tensor.name()).choice(tensor.type());
      shape(out, tensor.shape());
      out.i64(at).i64(length);
      at += length;
    }
  }

  static List<Tensor> read(WireReader in, SharedRegion region, Storage storage) throws IOException {
    long bytes = in.i64();
    MemorySegment data = region.follow(bytes);
    int count = in.i32();
    List<Tensor> tensors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      tensors.add(readOne(in, data, bytes, storage));
    }
    return tensors;
  }

  static void shape(WireWriter out, Shape shape) {
    out.i32(shape.rank());
    for (int axis = 0; axis < shape.rank(); axis++) {
      out.i64(shape.extent(axis));
    }
  }

  private static Tensor readOne(WireReader in, MemorySegment data, long bytes, Storage storage) throws IOException {
    String name = in.text();
    DataType type = in.choice(DataType.values());
    Shape shape = in.shape();
    long at = in.i64();
    long length = in.i64();
    if (at < 0 || length < 0 || length > Integer.MAX_VALUE || at > bytes - length) {
      throw new WireException("tensor '" + name + "' at " + at + " of " + length + " bytes (expected: within " + bytes + ")");
    }
    MemorySegment stored = data.asSlice(at, length);
    try {
      return new Tensor(name, type, shape, type == DataType.BYTES ? texts(stored, shape) : numbers(type, stored, storage));
    } catch (IllegalArgumentException e) {
      throw new WireException("no tensor: " + e.getMessage(), e);
    }
  }

  private static long aligned(long at) {
    return Math.ceilDiv(at, SharedRegion.ALIGNMENT) * SharedRegion.ALIGNMENT;
  }

  private static long stored(Tensor tensor) {
    long table = tensor.type() == DataType.BYTES ? (long) tensor.count() * Integer.BYTES : 0;
    return table + tensor.byteSize();
  }

  private static void put(Elements elements, MemorySegment target) {
    switch (elements) {
      case Elements.Fixed fixed -> target.copyFrom(MemorySegment.ofBuffer(fixed.bytes().limit(Math.toIntExact(target.byteSize()))));
      case Elements.Strings texts -> putTexts(texts, target);
    }
  }

  private static void putTexts(Elements.Strings texts, MemorySegment target) {
    long at = (long) texts.count() * Integer.BYTES;
    for (int i = 0; i < texts.count(); i++) {
      byte[] text = texts.bytesAt(i);
      target.set(JAVA_INT_UNALIGNED, (long) i * Integer.BYTES, text.length);
      MemorySegment.copy(text, 0, target, JAVA_BYTE, at, text.length);
      at += text.length;
    }
  }

  private static Elements numbers(DataType type, MemorySegment stored, Storage storage) {
    return switch (storage) {
      case VIEW -> Elements.fixed(type, stored.asByteBuffer());
      case COPY -> Elements.fixed(type, ByteBuffer.wrap(stored.toArray(JAVA_BYTE)));
    };
  }

  private static Elements texts(MemorySegment stored, Shape shape) throws WireException {
    long at = Math.multiplyExact(Math.min(shape.elementCount(), Integer.MAX_VALUE), Integer.BYTES);
    if (at > stored.byteSize()) {
      throw new WireException(shape.elementCount() + " texts in " + stored.byteSize() + " bytes (expected: at least " + at + ")");
    }
    byte[][] texts = new byte[(int) shape.elementCount()][];
    for (int i = 0; i < texts.length; i++) {
      int length = stored.get(JAVA_INT_UNALIGNED, (long) i * Integer.BYTES);
      if (length < 0 || length > stored.byteSize() - at) {
        throw new WireException("a text of " + length + " bytes (expected: 0 to " + (stored.byteSize() - at) + ")");
      }
      texts[i] = stored.asSlice(at, length).toArray(JAVA_BYTE);
      at += length;
    }
    return Elements.strings(texts);
  }
}
