package dev.faultline.probe;

/// What a good answer to a probe is.
public enum Expected {
  /// The request is wrong: a 4xx that blames the caller, has a type and names the field.
  REFUSED,
  /// The contract allows it: an answer.
  ANSWERED,
  /// Nobody said: either of the two, but no failure and no output that is no number.
  EITHER
}
