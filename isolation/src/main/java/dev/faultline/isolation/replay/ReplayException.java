package dev.faultline.isolation.replay;

/// A trial cannot be run at all, and why: the version is gone, or does not load.
public final class ReplayException extends Exception {
  public ReplayException(String message) {
    super(message);
  }

  public ReplayException(String message, Throwable cause) {
    super(message, cause);
  }
}
