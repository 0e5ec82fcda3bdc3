package dev.faultline.contract;

import java.util.List;
import java.util.Set;

/// A rule about an output: what the version promises.
public sealed interface Expectation {

  FieldRef field();

  Mode mode();

  /// What happens when the promise is broken.
  enum Mode {
    /// The request fails with a fault.
    ENFORCE,
    /// The prediction is served and the fault is recorded as a suspicion.
    OBSERVE
  }

  record Finite(FieldRef field, Mode mode) implements Expectation {}

  /// Inclusive on both ends.
  record Range(FieldRef field, double min, double max, Mode mode) implements Expectation {}

  /// The elements of the last axis add up to `total` within `tolerance`.
  record Sum(FieldRef field, double total, double tolerance, Mode mode) implements Expectation {}

  /// The output has these dimensions; symbols agree with the request's inputs.
  record OfShape(FieldRef field, List<Dimension> dimensions, Mode mode) implements Expectation {
    public OfShape {
      dimensions = List.copyOf(dimensions);
    }
  }

  record AllowedValues(FieldRef field, Set<String> values, Mode mode) implements Expectation {
    public AllowedValues {
      values = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(values));
    }
  }
}
