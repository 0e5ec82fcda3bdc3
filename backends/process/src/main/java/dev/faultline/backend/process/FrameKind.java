package dev.faultline.backend.process;

/// What a frame says; its first byte.
enum FrameKind {
  /// Worker: the backend stands. Magic, version, engine.
  HELLO,
  /// Worker: the backend could not be made. What was thrown.
  FAILED,
  /// Parent: load this model. Artifact, options.
  LOAD,
  /// Worker: the model is in memory. Specs, facts.
  LOADED,
  /// Worker: the model cannot be loaded. Code, message, cause.
  REFUSED,
  /// Parent: stop this run. Slot, run, reason.
  STOP,
  /// Parent, first frame of a slot's connection. Magic, version, slot, most bytes of a region.
  OPEN,
  /// Parent: run the model. Run, inputs.
  RUN,
  /// Worker: outputs and watched values.
  DONE,
  /// Worker: an `InferFault`.
  FAULT,
  /// Worker: an `InferFault`, and that the engine's memory is not to be relied on any more.
  EXHAUSTED,
  /// Worker: the backend threw what no backend may throw.
  DEFECT
}
