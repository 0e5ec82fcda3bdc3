package dev.faultline.isolation.finding;

/// How sure a claim is, strongest first. Only the first two accuse.
public enum Confidence {
  /// An intervention flipped the outcome both ways: taken out it passed, put in it failed.
  VERIFIED,
  /// Separated statistically, with controlled error under repeated looks.
  SUPPORTED,
  /// Correlated, or the place is known and the cause is not.
  SUSPECTED,
  /// No claim.
  ABSTAINED
}
