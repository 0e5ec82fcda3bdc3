package dev.faultline.serving.stage;

import dev.faultline.tensor.DataType;

/// A number as a data type would hold it, so that 0.1 in a contract means the same as 0.1 in an FP32 tensor.
final class Precision {
  private Precision() {}

  static double of(DataType type, double value) {
    return switch (type) {
      case FP32 -> (float) value;
      case FP16 -> Float.float16ToFloat(Float.floatToFloat16((float) value));
      case BF16 -> Float.intBitsToFloat(toNearestUpperHalf(Float.floatToIntBits((float) value)));
      case FP64, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> value;
    };
  }

  /// The upper 16 bits, rounded to nearest with ties to even. Infinities stay what they are.
  private static int toNearestUpperHalf(int bits) {
    return (bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff_0000;
  }
}
