package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.replay.Oracle;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/// Moves floating-point limits to the number that a person would have chosen: the one of fewest digits between passing and failing.
///
/// That number is tried once, which also tells `>=` from `>`. Where the passing value itself is the
/// roundest, it is `>` that. A landmark, such as the end of a type, is as good as round.
final class Rounding {
  private static final int DIGITS_MAX = 17;

  private final Oracle<Double> oracle;
  private int trials;

  Rounding(Oracle<Double> oracle) {
    this.oracle = oracle;
  }

  Boundary of(Boundary raw) {
    List<Limit> limits = raw.limits().stream().map(this::rounded).toList();
    return new Boundary(raw.state(), limits, raw.trials() + trials);
  }

  private Limit rounded(Limit limit) {
    double passing = ((Reading.Real) limit.passing()).value();
    double failing = ((Reading.Real) limit.value()).value();
    double round = roundest(passing, failing);
    if (limit.operator() == Operator.EQUAL || (passing != 0 && RealLine.isLandmark(failing))) {
      return limit;
    }
    if (RealLine.isLandmark(passing) || digits(passing) < digits(round)) {
      return new Limit(strict(limit.operator()), limit.passing(), limit.passing());
    }
    if (round == failing) {
      return limit;
    }
    trials++;
    return switch (oracle.test(round)) {
      case FAIL -> new Limit(limit.operator(), Reading.of(round), limit.passing());
      case PASS -> new Limit(strict(limit.operator()), Reading.of(round), Reading.of(round));
      case UNRESOLVED -> limit;
    };
  }

  /// Significant decimal digits.
  static int digits(double value) {
    return Double.isInfinite(value) ? DIGITS_MAX : new BigDecimal(Double.toString(value)).stripTrailingZeros().precision();
  }

  private static Operator strict(Operator operator) {
    return operator == Operator.AT_LEAST ? Operator.ABOVE : Operator.BELOW;
  }

  /// In the half-open range from `passing`, excluded, to `failing`.
  static double roundest(double passing, double failing) {
    if (Double.isInfinite(failing)) {
      return failing;
    }
    if (Math.min(passing, failing) < 0 && Math.max(passing, failing) > 0) {
      return 0;
    }
    var towardsPassing = failing > passing ? RoundingMode.FLOOR : RoundingMode.CEILING;
    var exact = new BigDecimal(failing);
    for (int digits = 1; digits < DIGITS_MAX; digits++) {
      double round = exact.round(new MathContext(digits, towardsPassing)).doubleValue();
      if (failing > passing ? round > passing : round < passing) {
        return round;
      }
    }
    return failing;
  }
}
