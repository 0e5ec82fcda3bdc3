package dev.faultline.probe;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// FP16 and BF16: the bits of a number, and the numbers beside it.
final class HalfFloats {
  private static final short SIGN = Short.MIN_VALUE;

  private HalfFloats() {}

  static byte[] bytes(Given given) {
    ByteBuffer bytes = ByteBuffer.allocate(given.elements().size() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    given.elements().forEach(each -> bytes.putShort(bits(given.type(), number(each))));
    return bytes.array();
  }

  static float next(String type, float value, boolean up) {
    short bits = bits(type, value);
    boolean away = up == (bits >= 0);
    short next = (bits & ~SIGN) == 0 ? (short) (up ? 1 : SIGN | 1) : (short) (away ? bits + 1 : bits - 1);
    return value(type, next);
  }

  static float rounded(String type, double value) {
    return value(type, bits(type, (float) value));
  }

  private static short bits(String type, float value) {
    return type.equals("FP16") ? Float.floatToFloat16(value) : (short) (nearest(Float.floatToRawIntBits(value)) >>> 16);
  }

  private static float value(String type, short bits) {
    return type.equals("FP16") ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /// To the nearest whose lower half is nothing, ties to even; NaN stays one.
  private static int nearest(int bits) {
    return Float.isNaN(Float.intBitsToFloat(bits)) ? bits : bits + 0x7fff + ((bits >>> 16) & 1);
  }

  private static float number(String element) {
    return switch (element) {
      case "NaN" -> Float.NaN;
      case "Infinity" -> Float.POSITIVE_INFINITY;
      case "-Infinity" -> Float.NEGATIVE_INFINITY;
      default -> Float.parseFloat(element);
    };
  }
}
