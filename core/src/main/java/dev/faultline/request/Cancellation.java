package dev.faultline.request;

/// Tells whether the caller has left. Asked from time to time while a request waits or runs, so it must be cheap.
@FunctionalInterface
public interface Cancellation {
  Cancellation NEVER = () -> false;

  boolean isCancelled();
}
