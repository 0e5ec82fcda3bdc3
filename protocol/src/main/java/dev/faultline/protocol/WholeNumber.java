package dev.faultline.protocol;

import dev.faultline.tensor.DataType;
import java.math.BigDecimal;
import java.math.BigInteger;

/// A JSON number on its way into an integer element: its bits, and whether it fits. Exact: no detour through `double`.
record WholeNumber(Fit fit, long bits) {
  private static final WholeNumber NOT_INTEGRAL = new WholeNumber(Fit.NOT_INTEGRAL, 0);
  private static final WholeNumber OUT_OF_RANGE = new WholeNumber(Fit.OUT_OF_RANGE, 0);
  /// Beyond every 64-bit type.
  private static final double MAGNITUDE_MAX = 0x1p65;

  enum Fit {
    FITS,
    NOT_INTEGRAL,
    OUT_OF_RANGE
  }

  static WholeNumber of(long value, DataType type) {
    return value >= min(type) && value <= max(type) ? new WholeNumber(Fit.FITS, value) : OUT_OF_RANGE;
  }

  static WholeNumber of(BigInteger value, DataType type) {
    if (value.bitLength() < Long.SIZE) {
      return of(value.longValue(), type);
    }
    boolean unsigned = type == DataType.UINT64 && value.signum() > 0 && value.bitLength() == Long.SIZE;
    return unsigned ? new WholeNumber(Fit.FITS, value.longValue()) : OUT_OF_RANGE;
  }

  /// A number written with a fraction or an exponent. `nearest` bounds the exponent before anything is expanded, so that
  /// `1e999999999` costs nothing.
  static WholeNumber of(String text, double nearest, DataType type) {
    if (Math.abs(nearest) > MAGNITUDE_MAX) {
      return OUT_OF_RANGE;
    }
    if (Math.abs(nearest) < 0.5) {
      return isZero(text) ? of(0, type) : NOT_INTEGRAL;
    }
    BigDecimal exact = new BigDecimal(text).stripTrailingZeros();
    return exact.scale() > 0 ? NOT_INTEGRAL : of(exact.toBigIntegerExact(), type);
  }

  private static boolean isZero(String text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each == 'e' || each == 'E') {
        return true;
      }
      if (each >= '1' && each <= '9') {
        return false;
      }
    }
    return true;
  }

  private static long min(DataType type) {
    return type.isUnsigned() ? 0 : -1L << (type.width() * Byte.SIZE - 1);
  }

  /// For `UINT64` what a `long` holds; above that a [BigInteger] decides.
  private static long max(DataType type) {
    int bits = type.width() * Byte.SIZE - (type.isUnsigned() ? 0 : 1);
    return bits >= Long.SIZE - 1 ? Long.MAX_VALUE : (1L << bits) - 1;
  }
}
