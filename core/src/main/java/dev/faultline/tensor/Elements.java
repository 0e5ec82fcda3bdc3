package dev.faultline.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// The values of a tensor in row-major order, as the wire and ONNX Runtime lay them out, so that neither end converts.
///
/// Whoever builds elements hands the storage over and does not write to it again.
public sealed interface Elements {

  int count();

  /// Elements of fixed width, little-endian and without padding.
  static Fixed fixed(DataType type, ByteBuffer littleEndian) {
    return new Fixed(type, littleEndian);
  }

  /// Storage for `count` elements to be filled by the caller, little-endian.
  static ByteBuffer allocate(DataType type, int count) {
    return ByteBuffer.allocate(Math.multiplyExact(type.width(), count)).order(ByteOrder.LITTLE_ENDIAN);
  }

  static Strings strings(byte[][] values) {
    return new Strings(values);
  }

  final class Fixed implements Elements {
    private final DataType type;
    private final ByteBuffer bytes;
    private final int count;

    private Fixed(DataType type, ByteBuffer bytes) {
      if (type.width() == 0) {
        throw new IllegalArgumentException(type + " has no fixed width (expected: Elements.strings)");
      }
      this.type = type;
      this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      this.count = this.bytes.limit() / type.width();
    }

    @Override
    public int count() {
      return count;
    }

    /// A view of all bytes, position 0, little-endian. Do not write to it.
    public ByteBuffer bytes() {
      return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The value widened to `double`; booleans are 0 and 1. `INT64` beyond 2^53 loses its last bits: use [#longAt].
    public double doubleAt(int index) {
      return switch (type) {
        case FP32 -> bytes.getFloat(index * 4);
        case FP64 -> bytes.getDouble(index * 8);
        case FP16 -> Float.float16ToFloat(bytes.getShort(index * 2));
        case BF16 -> Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
        case UINT64 -> unsignedToDouble(bytes.getLong(index * 8));
        case BOOL, UINT8, UINT16, UINT32, INT8, INT16, INT32, INT64, BYTES -> longAt(index);
      };
    }

    /// The value as an integer; `UINT64` keeps its bits, floating values are truncated.
    public long longAt(int index) {
      return switch (type) {
        case INT64, UINT64 -> bytes.getLong(index * 8);
        case INT32 -> bytes.getInt(index * 4);
        case UINT32 -> Integer.toUnsignedLong(bytes.getInt(index * 4));
        case INT16 -> bytes.getShort(index * 2);
        case UINT16 -> Short.toUnsignedLong(bytes.getShort(index * 2));
        case INT8 -> bytes.get(index);
        case UINT8 -> Byte.toUnsignedLong(bytes.get(index));
        case BOOL -> bytes.get(index) == 0 ? 0 : 1;
        case FP16, BF16, FP32, FP64 -> (long) doubleAt(index);
        case BYTES -> throw new IllegalStateException("BYTES has no number");
      };
    }

    private static double unsignedToDouble(long bits) {
      return bits >= 0 ? bits : ((bits >>> 1) | (bits & 1)) * 2.0;
    }
  }

  final class Strings implements Elements {
    private final byte[][] values;

    private Strings(byte[][] values) {
      this.values = values;
    }

    @Override
    public int count() {
      return values.length;
    }

    /// The bytes of one element. Do not write to them.
    public byte[] bytesAt(int index) {
      return values[index];
    }

    /// One element as UTF-8; malformed bytes become U+FFFD.
    public String textAt(int index) {
      return new String(values[index], StandardCharsets.UTF_8);
    }
  }
}
