package dev.faultline.isolation;

/// Whoever asked for the investigation does not want it any more.
public final class CancelledException extends RuntimeException {
  CancelledException() {
    super("the investigation was cancelled");
  }
}
