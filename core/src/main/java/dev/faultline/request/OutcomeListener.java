package dev.faultline.request;

/// Told of every outcome, on the request's own thread, before the answer is written. Must not wait and must not throw.
@FunctionalInterface
public interface OutcomeListener {
  void onOutcome(Outcome outcome);
}
