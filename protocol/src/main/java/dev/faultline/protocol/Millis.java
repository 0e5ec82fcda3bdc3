package dev.faultline.protocol;

/// A duration written in milliseconds with three decimals, without the machinery of `String.format`.
final class Millis {
  private static final long NANOS_PER_MICRO = 1_000;
  private static final long MICROS_PER_MILLI = 1_000;

  private Millis() {}

  static String text(long nanos) {
    long micros = Math.max(0, (nanos + NANOS_PER_MICRO / 2) / NANOS_PER_MICRO);
    String fraction = Long.toString(MICROS_PER_MILLI + micros % MICROS_PER_MILLI).substring(1);
    return micros / MICROS_PER_MILLI + "." + fraction;
  }
}
