package dev.faultline.server.conformance;

import dev.faultline.tensor.DataType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// Compares as the ONNX project's own test runner does: floats within a tolerance, NaN with NaN, everything else exactly.
final class Closeness {
  static final double RELATIVE = 1e-3;
  static final double ABSOLUTE = 1e-7;
  private static final int BF16_SHIFT = 16;

  private Closeness() {}

  /// What differs first; empty when nothing does.
  static Optional<String> difference(List<WireTensor> got, List<WireTensor> want) {
    if (got.size() != want.size()) {
      return Optional.of(got.size() + " outputs (expected: " + want.size() + ")");
    }
    for (int i = 0; i < want.size(); i++) {
      Optional<String> found = difference(got.get(i), want.get(i));
      if (found.isPresent()) {
        return found.map(text -> "output '" + text);
      }
    }
    return Optional.empty();
  }

  private static Optional<String> difference(WireTensor got, WireTensor want) {
    String what = want.name() + "' has ";
    if (got.type() != want.type() || !got.shape().equals(want.shape())) {
      return Optional.of(what + got.type() + " " + got.shape() + " (expected: " + want.type() + " " + want.shape() + ")");
    }
    if (!got.type().isFloating()) {
      return got.bytes().equals(want.bytes()) ? Optional.empty() : Optional.of(what + "other values");
    }
    for (int i = 0; i < want.count(); i++) {
      double is = value(got, i);
      double expected = value(want, i);
      if (!close(is, expected)) {
        return Optional.of(what + is + " at " + i + " (expected: " + expected + ")");
      }
    }
    return Optional.empty();
  }

  private static boolean close(double got, double want) {
    return Double.compare(got, want) == 0 || Math.abs(got - want) <= ABSOLUTE + RELATIVE * Math.abs(want);
  }

  private static double value(WireTensor tensor, int index) {
    ByteBuffer values = tensor.values();
    DataType type = tensor.type();
    int at = index * type.width();
    return switch (type) {
      case FP64 -> values.getDouble(at);
      case FP32 -> values.getFloat(at);
      case FP16 -> Float.float16ToFloat(values.getShort(at));
      case BF16 -> Float.intBitsToFloat(values.getShort(at) << BF16_SHIFT);
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> throw new IllegalArgumentException(type + " is compared exactly");
    };
  }
}
