package dev.faultline.serving.backend;

/// How the number of requests inside a version follows how long they take, within its fixed bounds.
public enum Adaptive {
  /// The fixed bounds alone.
  OFF,
  /// Shrinks when requests take longer than they did over a long time.
  GRADIENT2,
  /// Grows by one, and shrinks by a tenth when a request takes longer than half of `queue_timeout`.
  AIMD
}
