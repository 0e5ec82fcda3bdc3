package dev.faultline.serving.batch;

import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;

/// How far two answers to the same rows are apart, measured in the noise that is normal for their data type: up to 1 may be rounding,
/// beyond that it is another answer. Whole numbers and texts are either the same or another answer.
final class Likeness {
  static final double OTHER_ANSWER = Double.POSITIVE_INFINITY;

  private Likeness() {}

  static double distance(RunResult a, RunResult b) {
    if (a.outputs().size() != b.outputs().size()) {
      return OTHER_ANSWER;
    }
    double most = 0;
    for (int i = 0; i < a.outputs().size(); i++) {
      most = Math.max(most, distance(a.outputs().get(i), b.outputs().get(i)));
    }
    return most;
  }

  private static double distance(Tensor a, Tensor b) {
    if (a.type() != b.type() || !a.shape().equals(b.shape())) {
      return OTHER_ANSWER;
    }
    double most = 0;
    for (int i = 0; i < a.count(); i++) {
      most = Math.max(most, a.type().isFloating() ? distance(a.doubleAt(i), b.doubleAt(i), noise(a.type())) : same(a, b, i) ? 0 : OTHER_ANSWER);
    }
    return most;
  }

  private static double distance(double a, double b, double noise) {
    if (Double.compare(a, b) == 0 || a == b) {
      return 0;
    }
    double apart = Math.abs(a - b);
    return Double.isFinite(apart) ? apart / (noise * Math.max(1, Math.max(Math.abs(a), Math.abs(b)))) : OTHER_ANSWER;
  }

  private static boolean same(Tensor a, Tensor b, int index) {
    if (a.elements() instanceof Elements.Strings texts && b.elements() instanceof Elements.Strings others) {
      return Arrays.equals(texts.bytesAt(index), others.bytesAt(index));
    }
    return a.longAt(index) == b.longAt(index);
  }

  private static double noise(DataType type) {
    return switch (type) {
      case FP64 -> 1e-9;
      case FP32 -> 1e-4;
      case FP16, BF16 -> 2e-2;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> throw new IllegalArgumentException(type + " (expected: a floating type)");
    };
  }
}
