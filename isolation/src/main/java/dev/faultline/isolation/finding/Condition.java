package dev.faultline.isolation.finding;

/// One term of what failing requests have in common: a dimension, how it is compared, and with what.
///
/// Dimensions are those of the verdict document: `version`, `field:<name>`, `shape:<tensor>`, `header:<name>`, `client`, `route`,
/// `replica`, `hour`, `batch_size`, `runtime`.
public record Condition(String dimension, Operator operator, Reading value) {

  public static Condition is(String dimension, Trait trait) {
    return new Condition(dimension, Operator.IS, new Reading.Of(trait));
  }

  public static Condition equal(String dimension, Reading value) {
    return new Condition(dimension, Operator.EQUAL, value);
  }

  /// As people read it: `field:age >= 249`, `field:age is missing`, `client = 'batch-7'`.
  @Override
  public String toString() {
    return dimension + ' ' + operator.label() + ' ' + value;
  }
}
