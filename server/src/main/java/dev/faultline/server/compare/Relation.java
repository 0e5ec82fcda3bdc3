package dev.faultline.server.compare;

import java.util.Arrays;

/// How a term of a selection compares.
enum Relation {
  AT_LEAST(">="),
  AT_MOST("<="),
  NOT("!="),
  EQUAL("="),
  ABOVE(">"),
  BELOW("<");

  private final String label;

  Relation(String label) {
    this.label = label;
  }

  static Relation of(String label) {
    return Arrays.stream(values()).filter(each -> each.label.equals(label)).findFirst().orElseThrow();
  }

  boolean isOfNumbers() {
    return this != EQUAL && this != NOT;
  }

  boolean holds(double value, double wanted) {
    return switch (this) {
      case AT_LEAST -> value >= wanted;
      case AT_MOST -> value <= wanted;
      case ABOVE -> value > wanted;
      case BELOW -> value < wanted;
      case EQUAL -> value == wanted || (Double.isNaN(value) && Double.isNaN(wanted));
      case NOT -> !EQUAL.holds(value, wanted);
    };
  }
}
