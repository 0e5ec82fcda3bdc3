package dev.faultline.rollout.judge;

/// One thing that an answer said, small enough to be counted: a label, or a number.
public sealed interface OutputFact {
  /// The output's name.
  String output();

  /// One of a few words; for scores of classes the name or the position of the highest.
  record Label(String output, String label) implements OutputFact {}

  /// A number; one that is not finite counts as a fault of the version.
  record Score(String output, double value) implements OutputFact {}
}
