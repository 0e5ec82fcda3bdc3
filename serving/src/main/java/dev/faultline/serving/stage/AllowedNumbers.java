package dev.faultline.serving.stage;

import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The numbers that a contract allows, ready to be asked without making anything. Integers are compared exactly, as identifiers do
/// not survive a `double`; floating numbers as the tensor's type holds them.
final class AllowedNumbers {
  private final boolean isFloating;
  private final double[] doubles;
  private final long[] longs;

  private AllowedNumbers(boolean isFloating, double[] doubles, long[] longs) {
    this.isFloating = isFloating;
    this.doubles = doubles;
    this.longs = longs;
  }

  /// Texts that are no numbers of the type allow nothing; the contract's reader warns of them.
  static AllowedNumbers of(DataType type, Set<String> values) {
    double[] doubles = numbers(values).mapToDouble(value -> Precision.of(type, value.doubleValue()) + 0.0).sorted().toArray();
    long[] longs = numbers(values).filter(AllowedNumbers::isIntegral).mapToLong(value -> value.toBigInteger().longValue()).sorted().toArray();
    return new AllowedNumbers(type.isFloating(), doubles, longs);
  }

  boolean contains(Elements.Fixed values, int flat) {
    // adding zero makes -0.0 equal to 0.0
    return isFloating
        ? Arrays.binarySearch(doubles, values.doubleAt(flat) + 0.0) >= 0
        : Arrays.binarySearch(longs, values.longAt(flat)) >= 0;
  }

  private static Stream<BigDecimal> numbers(Set<String> values) {
    return values.stream().map(AllowedNumbers::parse).flatMap(Optional::stream);
  }

  private static Optional<BigDecimal> parse(String text) {
    return switch (text) {
      case "true" -> Optional.of(BigDecimal.ONE);
      case "false" -> Optional.of(BigDecimal.ZERO);
      default -> number(text);
    };
  }

  private static Optional<BigDecimal> number(String text) {
    try {
      return Optional.of(new BigDecimal(text.strip()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /// Within 64 bits, signed or not: an unsigned value keeps its bits, as [Elements.Fixed#longAt] does.
  private static boolean isIntegral(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0 && value.precision() - value.scale() <= 20 && value.toBigInteger().bitLength() <= 64;
  }
}
