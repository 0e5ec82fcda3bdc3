package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;
import java.util.List;

/// A condition and the rows that meet it; `equivalents` are conditions that hold for the same rows.
record Item(Condition condition, Bits rows, int count, List<Condition> equivalents) {

  Item {
    equivalents = List.copyOf(equivalents);
  }

  Item with(List<Condition> sameRows) {
    return new Item(condition, rows, count, sameRows);
  }

  /// Whether the two share at least this part of the rows that meet either.
  boolean isSameAs(Item other, double share) {
    // both >= share * either, solved for both; the quotient may be a rounding error above a whole number
    int sharedMin = (int) Math.ceil(share * (count + other.count) / (1 + share) - 1e-9);
    return rows.lacksAtMost(other.rows, count - sharedMin);
  }

  /// Whether the limit was chosen from a few, so that a nearer one may exist.
  boolean hasLimit() {
    return condition.operator() == Operator.AT_LEAST || condition.operator() == Operator.AT_MOST;
  }

  /// What pairs can do without, the least dispensable first: traits and texts say more than limits, limits more than one of many numbers.
  int dispensability() {
    return switch (condition.value()) {
      case Reading.Whole _, Reading.Real _ -> hasLimit() ? 1 : Double.isFinite(Numbers.value(condition.value())) ? 2 : 0;
      case Reading.Missing _, Reading.Null _, Reading.Truth _, Reading.Text _, Reading.Extents _, Reading.Several _, Reading.Of _ -> 0;
    };
  }

  /// What is more likely to be a cause than a consequence or a companion comes first; 0 is first.
  int preference() {
    return preferenceOfDimension() * 4 + preferenceOfOperator();
  }

  private int preferenceOfDimension() {
    String dimension = condition.dimension();
    int colon = dimension.indexOf(':');
    return switch (colon < 0 ? dimension : dimension.substring(0, colon)) {
      case "version", "artifact" -> 0;
      case "runtime" -> 1;
      case "field" -> 2;
      case "length" -> 3;
      case "shape" -> 4;
      case "batch_size" -> 5;
      case "replica" -> 6;
      case "client" -> 7;
      case "header" -> 8;
      case "hour" -> 11;
      case "route" -> 10;
      default -> 9;
    };
  }

  private int preferenceOfOperator() {
    return switch (condition.operator()) {
      case IS -> isVague() ? 3 : 0;
      case EQUAL, IN, NOT_IN -> 1;
      case AT_LEAST, AT_MOST, ABOVE, BELOW -> 2;
    };
  }

  private boolean isVague() {
    return condition.value() instanceof Reading.Of(var trait) && switch (trait) {
      case RARE, OTHER, WRONG_TYPE -> true;
      case MISSING, DECIMAL_COMMA, NUMERIC_TEXT, NULL_TEXT, MOJIBAKE, NOT_NFC, UNTRIMMED, EMPTY, OTHER_UNIT -> false;
    };
  }
}
