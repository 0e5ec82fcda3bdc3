package dev.faultline.backend.process;

/// Why a worker died, as far as that bears on the runs inside.
public enum DeathCause {
  /// A signal of its own making, or an exit code: one of the runs inside made it so.
  CRASH,
  /// It used more memory than it may, or the system ran out of it: one of the runs inside may have made it so.
  MEMORY,
  /// A run did not return after it was told to stop, so the parent killed the worker.
  HANG,
  /// Somebody else killed it. That says nothing about the runs inside.
  OUTSIDE,
  /// The parent replaced it after an allocation failed: the engine's allocator does not get over that.
  RENEWED,
  /// The parent closed it.
  CLOSED
}
