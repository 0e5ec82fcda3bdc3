package dev.faultline.isolation.attribute;

import java.util.stream.DoubleStream;

/// Whether a number looks like the usual one in another unit.
final class Units {
  private static final double NEAR = 0.03;
  /// Powers of ten; pounds in a kilogram, kilometres in a mile, feet in a metre, seconds and minutes.
  private static final double[] FACTORS =
      DoubleStream.of(10, 100, 1000, 2.2046, 1.609, 3.281, 60).flatMap(factor -> DoubleStream.of(Math.log(factor), -Math.log(factor))).toArray();

  private Units() {}

  static boolean differ(double value, double usual) {
    double ratio = value / usual;
    if (!(ratio > 0) || Double.isInfinite(ratio)) {
      return false;
    }
    double log = Math.log(ratio);
    return DoubleStream.of(FACTORS).anyMatch(factor -> Math.abs(log - factor) <= NEAR);
  }
}
