package dev.faultline.serving.backend;

/// What one place holds of its lanes. Guarded by the lanes' lock.
final class Hold {
  /// The engine has returned, or never ran.
  boolean returned;

  /// The run did not come back in time after it was stopped.
  boolean overdue;
}
