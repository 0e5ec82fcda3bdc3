package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Operator;
import dev.faultline.isolation.finding.Reading;

/// One end of the values that fail: `>= 249`. `passing` is the nearest value beyond it that was seen to pass.
public record Limit(Operator operator, Reading value, Reading passing) {

  @Override
  public String toString() {
    return operator.label() + ' ' + value;
  }
}
