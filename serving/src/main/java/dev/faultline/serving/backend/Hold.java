package dev.faultline.serving.backend;

/// The claim to a lane, which a [Place] is made of. Guarded by the lanes' lock.
public final class Hold {
  /// The engine has returned, or never ran.
  boolean returned;

  /// The run did not come back in time after it was stopped.
  boolean overdue;

  /// When the request was let in that the adaptive limit learns from; 0 for none.
  final long sinceNanos;

  Hold(long sinceNanos) {
    this.sinceNanos = sinceNanos;
  }
}
