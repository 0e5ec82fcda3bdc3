package dev.faultline.contract;

import java.util.Set;

/// A rule about the values of an input. Names, types and dimensions are in [TensorSpec].
public sealed interface Rule {

  FieldRef field();

  /// A missing value is allowed: JSON `null`, an absent record member, or NaN in a floating tensor.
  record Nullable(FieldRef field) implements Rule {}

  /// NaN and the infinities are refused. Where the field is [Nullable] too, NaN means missing and passes.
  record Finite(FieldRef field) implements Rule {}

  /// Inclusive on both ends; an open end is infinite. NaN is never in range, unless the field is [Nullable].
  record Range(FieldRef field, double min, double max) implements Rule {}

  /// Only these values, compared as text for `BYTES` and as numbers otherwise.
  record AllowedValues(FieldRef field, Set<String> values) implements Rule {
    public AllowedValues {
      values = java.util.Collections.unmodifiableSet(new java.util.LinkedHashSet<>(values));
    }
  }

  /// The whole text must match the regular expression. `BYTES` only.
  record Pattern(FieldRef field, java.util.regex.Pattern regex) implements Rule {}

  /// Length of the text in code points. `BYTES` only.
  record Length(FieldRef field, int min, int max) implements Rule {}

  /// How many entries along the first axis: the smallest and the largest batch. On whole tensors only.
  record Rows(FieldRef field, long min, long max) implements Rule {
    /// Any number up to the largest batch.
    public Rows(FieldRef field, long max) {
      this(field, 0, max);
    }
  }
}
