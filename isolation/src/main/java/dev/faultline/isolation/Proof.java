package dev.faultline.isolation;

/// One piece of evidence of a verdict: which kind of look it was, what was found, and in how many of how many runs the fault showed
/// (0 of 0 when nothing was run).
public record Proof(Kind kind, String text, int failed, int runs) {

  /// How a piece of evidence was had.
  public enum Kind {
    /// The fault's own evidence.
    FAULT,
    /// The same request again.
    REPLAY,
    /// One thing changed, the rest left alone.
    INTERVENTION,
    /// A search for the smallest change.
    REDUCTION,
    /// A search over versions.
    BISECTION,
    /// A look into the graph or the steps.
    LOCALIZATION,
    /// A comparison of failing with passing requests.
    ATTRIBUTION,
    /// A limit of this investigation.
    LIMIT
  }

  public static Proof of(Kind kind, String text) {
    return new Proof(kind, text, 0, 0);
  }
}
