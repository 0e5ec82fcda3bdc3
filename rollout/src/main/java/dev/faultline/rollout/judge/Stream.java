package dev.faultline.rollout.judge;

/// One thing that is counted, and what it shows.
sealed interface Stream permits RatioStream, ShiftStream {
  String name();

  /// Which part of the evidence against the candidate may come from here; those of all streams, also of streams that may yet appear, sum to 1.
  double weight();

  /// The logarithm of the evidence that the candidate is worse here.
  double logEvidence();

  StreamStanding standing(double alpha);

  /// What was found, with numbers.
  String sentence(double alpha);

  default double logWeighted() {
    return Math.log(weight()) + logEvidence();
  }

  /// As a plain number, which JSON can hold.
  static double evidence(double log) {
    return Math.exp(Math.min(log, 690));
  }
}
