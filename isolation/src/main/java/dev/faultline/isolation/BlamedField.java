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

  /// The same field with its boundary.
  BlamedField within(List<Limit> found) {
    return new BlamedField(field, value, baseline, found);
  }

  public Optional<Limit> boundary() {
    return limits.stream().findFirst();
  }

  /// What a condition calls it: the tensor, or `tensor.column`.
  public String name() {
    return field.column().isEmpty() ? field.tensor() : field.tensor() + "." + field.column();
  }

  /// Under which values of this field requests fail, as far as is known: beyond the boundary, between two, or with this very value.
  public List<Condition> conditions() {
    return limits.isEmpty()
        ? List.of(Condition.equal(dimension(), value))
        : limits.stream().map(limit -> new Condition(dimension(), limit.operator(), limit.value())).toList();
  }

  /// What conditions on it are about: `field:` or, where it is the shape that matters, `shape:`.
  String dimension() {
    return (value instanceof Reading.Extents ? "shape:" : "field:") + name();
  }
}
