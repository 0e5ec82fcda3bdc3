package dev.faultline.server.compare;

/// What a comparison says. The names are those of `comparison.v1`.
enum ComparisonAnswer {
  /// Something separates the two, with controlled error.
  SEPARATED,
  /// Enough was looked at, and nothing does.
  NOTHING_SEPARATES,
  /// Too few requests are kept of one side to say anything.
  TOO_FEW
}
