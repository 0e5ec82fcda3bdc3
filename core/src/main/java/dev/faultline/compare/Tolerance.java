package dev.faultline.compare;

import dev.faultline.tensor.DataType;

/// How far two numbers of one tensor may lie apart and still be the same: the largest of what is asked for, ten times the measured
/// noise, and four units in the last place.
///
/// `absolute + relative * |expected|` is what the caller or the contract allows, `noiseFloor` the largest difference between two runs of
/// the same request on the same version. Integers, booleans and texts have no tolerance.
public record Tolerance(double absolute, double relative, double noiseFloor) {
  /// Nothing but rounding.
  public static final Tolerance ROUNDING = new Tolerance(0, 0, 0);
  private static final double NOISE_FACTOR = 10;
  private static final int ULPS = 4;

  public Tolerance {
    if (!(absolute >= 0 && relative >= 0 && noiseFloor >= 0)) {
      throw new IllegalArgumentException("tolerance " + absolute + ", " + relative + ", " + noiseFloor + " (expected: 0 or more)");
    }
  }

  public static Tolerance of(double absolute, double relative) {
    return new Tolerance(absolute, relative, 0);
  }

  public Tolerance withNoiseFloor(double measured) {
    return new Tolerance(absolute, relative, measured);
  }

  /// Equal, both NaN, zeros of either sign, or near enough. An infinity is near to nothing but itself.
  public boolean accepts(double expected, double actual, DataType type) {
    if (expected == actual || (Double.isNaN(expected) && Double.isNaN(actual))) {
      return true;
    }
    boolean finite = Double.isFinite(expected) && Double.isFinite(actual);
    return finite && type.isFloating() && Math.abs(expected - actual) <= width(expected, actual, type);
  }

  private double width(double expected, double actual, DataType type) {
    double asked = absolute + relative * Math.abs(expected);
    double rounding = ULPS * ulp(Math.max(Math.abs(expected), Math.abs(actual)), type);
    return Math.max(asked, Math.max(NOISE_FACTOR * noiseFloor, rounding));
  }

  private static double ulp(double value, DataType type) {
    return switch (type) {
      case FP64 -> Math.ulp(value);
      case FP32 -> Math.ulp((float) value);
      // explicit bits of the significand, and the exponent of the least normal number
      case FP16 -> ulp(value, 10, -14);
      case BF16 -> ulp(value, 7, -126);
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> 0;
    };
  }

  private static double ulp(double value, int bits, int exponentMin) {
    return Math.scalb(1.0, Math.max(Math.getExponent(value), exponentMin) - bits);
  }
}
