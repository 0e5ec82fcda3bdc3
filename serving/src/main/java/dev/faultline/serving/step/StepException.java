package dev.faultline.serving.step;

/// A step met a value it cannot transform. `tensor` and `flat` say which element, -1 when the whole tensor is meant.
public final class StepException extends RuntimeException {
  private final String tensor;
  private final int flat;

  public StepException(String tensor, int flat, String message) {
    super(message);
    this.tensor = tensor;
    this.flat = flat;
  }

  public String tensor() {
    return tensor;
  }

  public int flat() {
    return flat;
  }
}
