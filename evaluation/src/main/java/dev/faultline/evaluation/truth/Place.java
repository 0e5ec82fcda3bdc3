package dev.faultline.evaluation.truth;

import java.util.Locale;

/// A field to blame: a column of a tabular tensor, or a whole tensor, when `column` is empty.
public record Place(String tensor, String column) {
  public static Place of(String tensor) {
    return new Place(tensor, "");
  }

  /// `tensor.column`, or the tensor's name.
  @Override
  public String toString() {
    return column.isEmpty() ? tensor : tensor + "." + column;
  }

  /// Whether a condition's name for a field means this one: a column may be called by its own name or after its tensor.
  public boolean isCalled(String name) {
    String asked = name.toLowerCase(Locale.ROOT);
    return asked.equals(toString().toLowerCase(Locale.ROOT)) || (!column.isEmpty() && asked.equals(column.toLowerCase(Locale.ROOT)));
  }
}
