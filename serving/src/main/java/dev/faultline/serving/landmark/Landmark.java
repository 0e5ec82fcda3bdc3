package dev.faultline.serving.landmark;

import java.util.function.Supplier;

/// A stack frame with a telling name, for work to be done below it.
public record Landmark(Passes passes, int number) {

  /// Does the work below this frame.
  @SuppressWarnings("unchecked") // the generated method returns what the work returned
  public <T> T pass(Supplier<T> work) {
    return (T) passes.pass(number, work);
  }
}
