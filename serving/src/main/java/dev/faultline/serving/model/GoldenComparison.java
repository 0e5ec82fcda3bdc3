package dev.faultline.serving.model;

import dev.faultline.serving.model.WarmUp.Expected;
import dev.faultline.tensor.Elements;
import dev.faultline.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// An output held against the one that a golden request must get.
final class GoldenComparison {
  private GoldenComparison() {}

  /// The first element that is another, with its index, what was found and what was expected; empty when all are as they must be.
  static Optional<String> mismatch(Tensor found, Expected expected) {
    Tensor wanted = expected.tensor();
    if (found.type() != wanted.type() || !found.shape().equals(wanted.shape())) {
      return Optional.of("output '" + found.name() + "' is " + found.type() + " " + found.shape() + " (expected: " + wanted.type() + " " + wanted.shape() + ")");
    }
    int first = -1;
    int count = 0;
    for (int i = 0; i < found.count(); i++) {
      if (!matches(found, expected, i)) {
        first = first < 0 ? i : first;
        count++;
      }
    }
    return first < 0 ? Optional.empty() : Optional.of(words(found, expected, first, count));
  }

  private static boolean matches(Tensor found, Expected expected, int index) {
    return switch (expected.tensor().elements()) {
      case Elements.Strings wanted -> found.elements() instanceof Elements.Strings texts && Arrays.equals(texts.bytesAt(index), wanted.bytesAt(index));
      case Elements.Fixed wanted -> found.type().isFloating() ? near(found.doubleAt(index), wanted.doubleAt(index), expected) : nearWhole(found, expected, index);
    };
  }

  private static boolean nearWhole(Tensor found, Expected expected, int index) {
    boolean exact = expected.absolute() == 0 && expected.relative() == 0;
    return found.longAt(index) == expected.tensor().longAt(index) || (!exact && near(found.doubleAt(index), expected.tensor().doubleAt(index), expected));
  }

  /// Not a number is as good as itself.
  private static boolean near(double found, double wanted, Expected expected) {
    return Double.compare(found, wanted) == 0
        || found == wanted
        || (Double.isFinite(wanted) && Math.abs(found - wanted) <= expected.absolute() + expected.relative() * Math.abs(wanted));
  }

  private static String words(Tensor found, Expected expected, int index, int count) {
    boolean exact = expected.absolute() == 0 && expected.relative() == 0;
    String within = exact ? "" : ", give or take " + (expected.absolute() + expected.relative() * Math.abs(expected.tensor().doubleAt(index)));
    return "output '" + found.name() + "' at " + found.shape().coordinates(index) + " is " + found.textAt(index)
        + " (expected: " + expected.tensor().textAt(index) + within + "); " + count + " of " + found.count() + " elements differ";
  }
}
