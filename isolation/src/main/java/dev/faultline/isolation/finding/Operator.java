package dev.faultline.isolation.finding;

/// How a condition compares. The label is the one of the verdict document.
public enum Operator {
  EQUAL("="),
  AT_LEAST(">="),
  AT_MOST("<="),
  ABOVE(">"),
  BELOW("<"),
  /// Has a trait, such as `missing` or `wrong_type`; see [Trait].
  IS("is"),
  /// Is one of the listed values; see [Reading.Several].
  IN("in"),
  /// Is none of the listed values.
  NOT_IN("not in");

  private final String label;

  Operator(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
