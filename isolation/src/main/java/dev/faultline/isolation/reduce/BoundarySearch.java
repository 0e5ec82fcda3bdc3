package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Oracle;
import dev.faultline.tensor.DataType;

/// Finds the value at which a field begins to fail, between one that is known to pass and one that is known to fail.
///
/// Neither of the two is tried again. Integers are settled to the exact value, floating-point numbers to a relative width, and then to
/// the roundest number within it. What is no number, such as NaN, null or a missing field, has no boundary: it is its own condition.
public final class BoundarySearch {
  /// Relative width within which the boundary of floating-point values is reported.
  public static final double RELATIVE_WIDTH_DEFAULT = 1e-3;

  private final Budget budget;

  public BoundarySearch(Budget budget) {
    this.budget = budget;
  }

  /// For whatever the two readings are.
  public Boundary of(Oracle<Reading> oracle, Reading passing, Reading failing) {
    return of(oracle, passing, failing, Grain.of(DataType.FP64));
  }

  /// The same for values of a data type, whose ends are not left and whose neighbours are told apart.
  public Boundary of(Oracle<Reading> oracle, Reading passing, Reading failing, DataType type) {
    return of(oracle, passing, failing, Grain.of(type));
  }

  /// Numbers are searched as integers when both are.
  private Boundary of(Oracle<Reading> oracle, Reading passing, Reading failing, Grain grain) {
    if (passing instanceof Reading.Whole(long pass) && failing instanceof Reading.Whole(long fail)) {
      return whole(value -> oracle.test(Reading.of(value.longValue())), pass, fail, grain.least(), grain.greatest());
    }
    if (isFinite(passing) && isOrdered(failing)) {
      return real(value -> oracle.test(Reading.of(value.doubleValue())), number(passing), number(failing), grain, RELATIVE_WIDTH_DEFAULT);
    }
    return special(passing, failing);
  }

  public Boundary whole(Oracle<Long> oracle, long passing, long failing) {
    return whole(oracle, passing, failing, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /// Within the values that the field can hold: those of its data type, or of its contract.
  public Boundary whole(Oracle<Long> oracle, long passing, long failing, long least, long greatest) {
    var line = new WholeLine(Math.min(least, Math.min(passing, failing)), Math.max(greatest, Math.max(passing, failing)));
    return new LineSearch<>(line, oracle, budget).between(passing, failing);
  }

  public Boundary real(Oracle<Double> oracle, double passing, double failing) {
    return real(oracle, passing, failing, Grain.of(DataType.FP64), RELATIVE_WIDTH_DEFAULT);
  }

  /// Within the values that the field can hold. `failing` may be infinite.
  private Boundary real(Oracle<Double> oracle, double passing, double failing, Grain grain, double relativeWidth) {
    double least = Math.min(-grain.largest(), Math.min(passing, failing));
    double greatest = Math.max(grain.largest(), Math.max(passing, failing));
    var line = new RealLine(least, greatest, relativeWidth, grain.step());
    Boundary raw = new LineSearch<>(line, oracle, budget).between(passing, failing);
    return new Rounding(oracle).of(raw);
  }

  private static Boundary special(Reading passing, Reading failing) {
    var limit = new Limit(failing instanceof Reading.Missing ? Operator.IS : Operator.EQUAL, failing, passing);
    return new Boundary(Boundary.State.EXACT, java.util.List.of(limit), 0);
  }

  private static boolean isFinite(Reading reading) {
    return isOrdered(reading) && Double.isFinite(number(reading));
  }

  private static boolean isOrdered(Reading reading) {
    return switch (reading) {
      case Reading.Whole _ -> true;
      case Reading.Real(double value) -> !Double.isNaN(value);
      case Reading.Missing _, Reading.Null _, Reading.Truth _, Reading.Text _, Reading.Extents _, Reading.Several _, Reading.Of _ -> false;
    };
  }

  private static double number(Reading reading) {
    return reading instanceof Reading.Whole(long value) ? value : ((Reading.Real) reading).value();
  }
}
