package dev.faultline.evaluation.fault;

/// What makes a fault easy or hard to find; goals differ by it.
public enum Kind {
  /// Fails loudly, each time.
  DETERMINISTIC,
  /// The engine and the wire see nothing wrong; an observing check does.
  SILENT,
  /// Needs two things together.
  INTERACTION,
  /// Depends on load or on chance.
  UNSTABLE
}
