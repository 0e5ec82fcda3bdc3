package dev.faultline.probe;

import dev.faultline.tensor.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;

/// What a number type can hold, and the numbers beside a number, as JSON.
final class Span {
  private Span() {}

  static BigInteger least(DataType type) {
    return type.isUnsigned() ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(type.width() * 8 - 1).negate();
  }

  static BigInteger greatest(DataType type) {
    return BigInteger.ONE.shiftLeft(type.width() * 8 - (type.isUnsigned() ? 0 : 1)).subtract(BigInteger.ONE);
  }

  /// The largest finite number of a floating type.
  static double largest(DataType type) {
    return switch (type) {
      case FP16 -> 65_504;
      case BF16 -> Float.intBitsToFloat(0x7f7f_0000);
      case FP32 -> Float.MAX_VALUE;
      case FP64, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> Double.MAX_VALUE;
    };
  }

  /// The smallest positive number of a floating type.
  static double smallest(DataType type) {
    return switch (type) {
      case FP16 -> HalfFloats.next("FP16", 0, true);
      case BF16 -> HalfFloats.next("BF16", 0, true);
      case FP32 -> Float.MIN_VALUE;
      case FP64, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> Double.MIN_VALUE;
    };
  }

  static String text(DataType type, double value) {
    if (type.isInteger()) {
      return new BigDecimal(value).toBigInteger().toString();
    }
    return type == DataType.FP64 ? Double.toString(value) : Float.toString((float) value);
  }

  /// The number beside `value`.
  static double next(DataType type, double value, boolean up) {
    return switch (type) {
      case FP64 -> up ? Math.nextUp(value) : Math.nextDown(value);
      case FP32 -> up ? Math.nextUp((float) value) : Math.nextDown((float) value);
      case FP16, BF16 -> HalfFloats.next(type.name(), (float) value, up);
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> value + (up ? 1 : -1);
    };
  }

  static boolean holds(DataType type, double value) {
    if (!type.isInteger()) {
      return Math.abs(value) <= largest(type);
    }
    BigInteger whole = new BigDecimal(value).toBigInteger();
    return whole.compareTo(least(type)) >= 0 && whole.compareTo(greatest(type)) <= 0;
  }
}
