package dev.faultline.contract;

/// What a rule speaks of: a tensor, or one named column of its last axis. `column` is empty for the whole tensor.
public record FieldRef(String tensor, String column) {

  public static FieldRef of(String tensor) {
    return new FieldRef(tensor, "");
  }

  public boolean isWholeTensor() {
    return column.isEmpty();
  }

  @Override
  public String toString() {
    return column.isEmpty() ? tensor : tensor + "." + column;
  }
}
