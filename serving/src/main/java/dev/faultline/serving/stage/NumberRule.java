package dev.faultline.serving.stage;

import dev.faultline.contract.Rule;
import dev.faultline.fault.FaultCode;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Elements;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All that a contract says about the numbers of one column, or of a whole tensor that has no column rules.
///
/// One element breaks at most one of them: NaN is reported once, whether finiteness or a range refuses it. Several ranges narrow each
/// other; of several sets of allowed values the last one counts, which is the one for the column.
final class NumberRule {
  private final boolean nullable;
  private final boolean finite;
  private final boolean bounded;
  private final double min;
  private final double max;
  private final Set<String> values;
  private final @Nullable AllowedNumbers allowed;

  private NumberRule(DataType type, boolean nullable, boolean finite, double min, double max, Set<String> values) {
    this.nullable = nullable;
    this.finite = finite;
    this.bounded = min > Double.NEGATIVE_INFINITY || max < Double.POSITIVE_INFINITY;
    this.min = Precision.of(type, min);
    this.max = Precision.of(type, max);
    this.values = values;
    this.allowed = values.isEmpty() ? null : AllowedNumbers.of(type, values);
  }

  static NumberRule of(DataType type, List<Rule> rules) {
    boolean nullable = false;
    boolean finite = false;
    double min = Double.NEGATIVE_INFINITY;
    double max = Double.POSITIVE_INFINITY;
    Set<String> values = Set.of();
    for (Rule rule : rules) {
      switch (rule) {
        case Rule.Nullable _ -> nullable = true;
        case Rule.Finite _ -> finite = true;
        case Rule.Range range -> {
          min = Math.max(min, range.min());
          max = Math.min(max, range.max());
        }
        case Rule.AllowedValues some -> values = some.values();
        case Rule.Pattern _, Rule.Length _ -> {} // for BYTES only; the contract's reader has warned
        case Rule.Rows _ -> {} // about the shape
      }
    }
    return new NumberRule(type, nullable, finite, min, max, values);
  }

  boolean isNullable() {
    return nullable;
  }

  boolean isFree() {
    return !finite && !bounded && allowed == null;
  }

  boolean isFiniteOnly() {
    return finite && !bounded && allowed == null;
  }

  /// Numbers from here to [#soundHigh] break no rule. Nothing is sound at once where a set of values must be asked.
  double soundLow() {
    return allowed != null ? Double.POSITIVE_INFINITY : finite ? Math.max(min, -Double.MAX_VALUE) : min;
  }

  double soundHigh() {
    return allowed != null ? Double.NEGATIVE_INFINITY : finite ? Math.min(max, Double.MAX_VALUE) : max;
  }

  Optional<FaultCode> broken(Elements.Fixed numbers, int flat) {
    double value = numbers.doubleAt(flat);
    if (Double.isNaN(value)) {
      return nullable ? Optional.empty() : nan();
    }
    if (finite && Double.isInfinite(value)) {
      return Optional.of(FaultCode.VALIDATE_NONFINITE);
    }
    if (value < min || value > max) {
      return Optional.of(FaultCode.VALIDATE_RANGE);
    }
    return allowed == null || allowed.contains(numbers, flat) ? Optional.empty() : Optional.of(FaultCode.VALIDATE_VALUES);
  }

  String want(FaultCode broken) {
    return switch (broken) {
      case VALIDATE_NONFINITE -> bounded ? Shown.range(min, max) : "a finite number";
      case VALIDATE_RANGE -> Shown.range(min, max);
      default -> Shown.values(values);
    };
  }

  private Optional<FaultCode> nan() {
    if (finite || bounded) {
      return Optional.of(FaultCode.VALIDATE_NONFINITE);
    }
    return allowed == null ? Optional.empty() : Optional.of(FaultCode.VALIDATE_VALUES);
  }
}
