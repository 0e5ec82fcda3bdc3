package dev.faultline.isolation.reduce;

import dev.faultline.tensor.DataType;

/// What a data type can hold, as far as a search along its numbers needs it.
///
/// `least` and `greatest` are the ends of its whole numbers, `largest` is its largest finite floating-point number, `step` the distance
/// of two neighbours there as a share of their size.
record Grain(long least, long greatest, double largest, double step) {
  private static final double HALF_LARGEST = 65_504;
  private static final double BRAIN_LARGEST = 0x1.fep127;

  static Grain of(DataType type) {
    return switch (type) {
      case INT8, INT16, INT32, INT64 -> whole(-1L << (8 * type.width() - 1), -1L >>> (65 - 8 * type.width()));
      case UINT8, UINT16, UINT32 -> whole(0, -1L >>> (64 - 8 * type.width()));
      case UINT64 -> whole(0, Long.MAX_VALUE);
      case FP16 -> real(HALF_LARGEST, 0x1p-10);
      case BF16 -> real(BRAIN_LARGEST, 0x1p-7);
      case FP32 -> real(Float.MAX_VALUE, 0x1p-23);
      case FP64, BOOL, BYTES -> real(Double.MAX_VALUE, 0x1p-52);
    };
  }

  private static Grain whole(long least, long greatest) {
    return new Grain(least, greatest, Double.MAX_VALUE, 0x1p-52);
  }

  private static Grain real(double largest, double step) {
    return new Grain(Long.MIN_VALUE, Long.MAX_VALUE, largest, step);
  }
}
