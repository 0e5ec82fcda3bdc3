package dev.faultline.isolation.finding;

/// How a condition compares. The label is the one of the verdict document.
public enum Operator {
  EQUAL("="),
  AT_LEAST(">="),
  AT_MOST("<="),
  ABOVE(">"),
  BELOW("<"),
  /// Has a trait, such as `missing` or `wrong_type`; see [Trait].
  IS("is");

  private final String label;

  Operator(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
