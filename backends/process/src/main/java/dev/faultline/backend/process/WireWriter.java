package dev.faultline.backend.process;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.BiConsumer;

/// Writes the values of one frame, little-endian, into a buffer that is kept from frame to frame.
///
/// A frame is a length of four bytes, not counting itself, then a [FrameKind] and the values. Lists and texts carry their length.
final class WireWriter {
  /// Enough for any fault: a chain of 32 throwables with 256 frames each is below 1 MiB. Tensor data never travels in frames.
  static final int FRAME_BYTES_MAX = 16 << 20;

  static final int HEADER_BYTES = Integer.BYTES;
  static final byte UTF_8 = 0;
  static final byte UTF_16 = 1;

  private static final int BYTES_FIRST = 8 << 10;

  private ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES_FIRST).order(ByteOrder.LITTLE_ENDIAN);

  WireWriter start(FrameKind kind) {
    bytes.clear().position(HEADER_BYTES);
    return choice(kind);
  }

  /// The whole frame, to be sent before the next one is started.
  ByteBuffer frame() {
    bytes.putInt(0, bytes.position() - HEADER_BYTES);
    return bytes.duplicate().flip();
  }

  WireWriter i32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  WireWriter i64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  WireWriter f64(double value) {
    return i64(Double.doubleToRawLongBits(value));
  }

  @SuppressWarnings("EnumOrdinal") // both ends are of one build, which the greeting's version stands for
  WireWriter choice(Enum<?> value) {
    room(1).put((byte) value.ordinal());
    return this;
  }

  WireWriter tag(int value) {
    room(1).put((byte) value);
    return this;
  }

  /// UTF-8 where that is lossless; a text with half a surrogate pair travels as UTF-16.
  WireWriter text(String value) {
    byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
    boolean lossless = new String(encoded, StandardCharsets.UTF_8).equals(value);
    return lossless ? raw(UTF_8, encoded) : raw(UTF_16, chars(value));
  }

  <T> WireWriter list(List<T> items, BiConsumer<WireWriter, T> each) {
    i32(items.size());
    items.forEach(item -> each.accept(this, item));
    return this;
  }

  private WireWriter raw(byte encoding, byte[] encoded) {
    room(1).put(encoding);
    i32(encoded.length);
    room(encoded.length).put(encoded);
    return this;
  }

  private static byte[] chars(String value) {
    ByteBuffer pairs = ByteBuffer.allocate(Math.multiplyExact(value.length(), Character.BYTES)).order(ByteOrder.LITTLE_ENDIAN);
    value.chars().forEach(unit -> pairs.putChar((char) unit));
    return pairs.array();
  }

  private ByteBuffer room(int more) {
    if (bytes.remaining() < more) {
      grow(more);
    }
    return bytes;
  }

  private void grow(int more) {
    long wanted = (long) bytes.position() + more;
    if (wanted > FRAME_BYTES_MAX) {
      throw new IllegalStateException("a frame of at least " + wanted + " bytes (expected: at most " + FRAME_BYTES_MAX + ")");
    }
    int capacity = (int) Math.min(FRAME_BYTES_MAX, Math.max(wanted, 2L * bytes.capacity()));
    bytes = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN).put(bytes.flip());
  }
}
