package dev.faultline.evaluation.truth;

/// One term of a claimed predicate, such as `field:country >= 249` or `client = web`.
public record Condition(String dimension, String operator, String value) {
  @Override
  public String toString() {
    return dimension + " " + operator + " " + value;
  }
}
