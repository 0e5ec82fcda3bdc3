package dev.faultline.isolation;

import dev.faultline.fault.Field;
import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Reading;
import dev.faultline.isolation.reduce.Limit;
import java.util.List;
import java.util.Optional;

/// A field of the request without which the fault does not show: its value, the value of the passing request beside it, and from where
/// on values fail, where that was found.
public record BlamedField(Field field, Reading value, Reading baseline, List<Limit> limits) {
  public BlamedField {
    limits = List.copyOf(limits);
  }

  public Optional<Limit> boundary() {
    return limits.stream().findFirst();
  }

  /// What a condition calls it: the tensor, or `tensor.column`.
  public String name() {
    return field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column();
  }

  /// Under which values of this field requests fail, as far as is known: beyond the boundary, or with this very value.
  public Condition condition() {
    return boundary()
        .map(limit -> new Condition(dimension(), limit.operator(), limit.value()))
        .orElseGet(() -> Condition.equal(dimension(), value));
  }

  private String dimension() {
    return (value instanceof Reading.Extents ? "shape:" : "field:") + name();
  }
}
