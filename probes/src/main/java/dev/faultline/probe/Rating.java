package dev.faultline.probe;

/// How an answer is judged.
public enum Rating {
  WELL,
  /// Refused with a type and a name, but only by the model's engine: a rule would refuse it before anything runs. Or numbers that are
  /// none, which the contract declares.
  WEAKLY,
  BADLY,
  /// The server was too busy to say.
  UNDECIDED
}
