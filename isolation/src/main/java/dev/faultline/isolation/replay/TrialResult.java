package dev.faultline.isolation.replay;

/// What one trial said about the fault under investigation (the three answers of delta debugging).
public enum TrialResult {
  /// The candidate was served, or failed in no way that matters here.
  PASS,
  /// The fault under investigation showed: same coarse fingerprint.
  FAIL,
  /// Neither: another fault, a trial that could not be run, or no budget left.
  UNRESOLVED
}
