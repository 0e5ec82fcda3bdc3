package dev.faultline.backend.process;

import dev.faultline.tensor.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads the values of one frame. Whatever the bytes are, it ends in a value or in a [WireException], and takes no more memory than
/// the frame has bytes: lengths are checked against what is left before anything is made of them.
final class WireReader {

  /// Reads one item of a list.
  @FunctionalInterface
  interface Item<T> {
    T read(WireReader in) throws WireException;
  }

  private final ByteBuffer bytes;

  WireReader(ByteBuffer bytes) {
    this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  int i32() throws WireException {
    return need(Integer.BYTES).getInt();
  }

  long i64() throws WireException {
    return need(Long.BYTES).getLong();
  }

  double f64() throws WireException {
    return Double.longBitsToDouble(i64());
  }

  int tag() throws WireException {
    return need(1).get();
  }

  <E extends Enum<E>> E choice(E[] choices) throws WireException {
    int ordinal = tag();
    if (ordinal < 0 || ordinal >= choices.length) {
      throw new WireException("choice " + ordinal + " (expected: 0 to " + (choices.length - 1) + ")");
    }
    return choices[ordinal];
  }

  FrameKind kind() throws WireException {
    return choice(FrameKind.values());
  }

  /// @throws WireException unless the frame is of this kind
  WireReader expect(FrameKind wanted) throws WireException {
    FrameKind kind = kind();
    if (kind != wanted) {
      throw new WireException("a frame " + kind + " (expected: " + wanted + ")");
    }
    return this;
  }

  String text() throws WireException {
    int encoding = tag();
    byte[] encoded = new byte[length(1)];
    bytes.get(encoded);
    return switch (encoding) {
      case WireWriter.UTF_8 -> new String(encoded, StandardCharsets.UTF_8);
      case WireWriter.UTF_16 -> fromChars(encoded);
      default -> throw new WireException("text encoding " + encoding + " (expected: 0 or 1)");
    };
  }

  <T> List<T> list(Item<T> item) throws WireException {
    int count = length(1);
    List<T> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.read(this));
    }
    return items;
  }

  Shape shape() throws WireException {
    long[] extents = new long[length(Long.BYTES)];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = i64();
    }
    try {
      return Shape.of(extents);
    } catch (IllegalArgumentException e) {
      throw new WireException("no shape: " + e.getMessage(), e);
    }
  }

  /// @throws WireException when values are left: both sides must agree on every byte
  void end() throws WireException {
    if (bytes.hasRemaining()) {
      throw new WireException(bytes.remaining() + " bytes after the end of the frame's values (expected: none)");
    }
  }

  /// A length of items of at least `width` bytes each.
  private int length(int width) throws WireException {
    int count = i32();
    if (count < 0 || count > bytes.remaining() / width) {
      throw new WireException("a length of " + count + " (expected: 0 to " + bytes.remaining() / width + ")");
    }
    return count;
  }

  private ByteBuffer need(int count) throws WireException {
    if (bytes.remaining() < count) {
      throw new WireException("the frame ends " + (count - bytes.remaining()) + " bytes too early");
    }
    return bytes;
  }

  private static String fromChars(byte[] pairs) throws WireException {
    if (pairs.length % Character.BYTES != 0) {
      throw new WireException("UTF-16 of " + pairs.length + " bytes (expected: an even number)");
    }
    return ByteBuffer.wrap(pairs).order(ByteOrder.LITTLE_ENDIAN).asCharBuffer().toString();
  }
}
