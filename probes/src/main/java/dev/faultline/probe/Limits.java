package dev.faultline.probe;

import dev.faultline.contract.Contract;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.tensor.DataType;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// All that a contract says about the values of one field, as VALIDATE adds it up: ranges narrow each other, of several sets of allowed
/// values the last counts.
record Limits(DataType type, boolean nullable, boolean finite, double min, double max, Set<String> values, List<Pattern> patterns, int shortest, int longest) {

  static Limits of(Contract contract, DataType type, FieldRef field) {
    boolean nullable = false;
    boolean finite = false;
    double min = Double.NEGATIVE_INFINITY;
    double max = Double.POSITIVE_INFINITY;
    Set<String> values = Set.of();
    var patterns = new ArrayList<Pattern>();
    int shortest = 0;
    int longest = Integer.MAX_VALUE;
    for (Rule rule : contract.rules()) {
      if (!rule.field().tensor().equals(field.tensor()) || !(rule.field().isWholeTensor() || rule.field().equals(field))) {
        continue;
      }
      switch (rule) {
        case Rule.Nullable _ -> nullable = true;
        case Rule.Finite _ -> finite = true;
        case Rule.Range range -> {
          min = Math.max(min, range.min());
          max = Math.min(max, range.max());
        }
        case Rule.AllowedValues some -> values = some.values();
        case Rule.Pattern pattern -> patterns.add(pattern.regex());
        case Rule.Length length -> {
          shortest = Math.max(shortest, length.min());
          longest = Math.min(longest, length.max());
        }
        case Rule.Rows _ -> {} // about the shape
      }
    }
    return new Limits(type, nullable, finite, min, max, values, patterns, shortest, longest);
  }

  boolean isBounded() {
    return min > Double.NEGATIVE_INFINITY || max < Double.POSITIVE_INFINITY;
  }

  boolean refusesNan() {
    return !nullable && (finite || isBounded() || !values.isEmpty());
  }

  boolean refusesInfinity(boolean positive) {
    return finite || !values.isEmpty() || (positive ? max < Double.POSITIVE_INFINITY : min > Double.NEGATIVE_INFINITY);
  }

  boolean refuses(double number) {
    return number < rounded(min) || number > rounded(max) || (!values.isEmpty() && values.stream().noneMatch(each -> isNumber(each, number)));
  }

  boolean refuses(String text) {
    int length = text.codePointCount(0, text.length());
    return length < shortest || length > longest || (!values.isEmpty() && !values.contains(text)) || patterns.stream().anyMatch(pattern -> !pattern.matcher(text).matches());
  }

  /// The least allowed number as the type holds it; infinite when there is none.
  double low() {
    return type.isInteger() ? whole(min, RoundingMode.CEILING) : rounded(min);
  }

  double high() {
    return type.isInteger() ? whole(max, RoundingMode.FLOOR) : rounded(max);
  }

  private static double whole(double bound, RoundingMode rounding) {
    return Double.isInfinite(bound) ? bound : new BigDecimal(bound).setScale(0, rounding).doubleValue();
  }

  private double rounded(double bound) {
    return switch (type) {
      case FP32 -> (float) bound;
      case FP16, BF16 -> HalfFloats.rounded(type.name(), bound);
      case FP64, BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64, BYTES -> bound;
    };
  }

  private static boolean isNumber(String text, double number) {
    try {
      return Double.parseDouble(text) == number;
    } catch (NumberFormatException e) {
      return false;
    }
  }
}
