package dev.faultline.evaluation.truth;

/// How sure a claim says it is; `NONE` for no claim.
public enum Confidence {
  VERIFIED,
  SUPPORTED,
  SUSPECTED,
  ABSTAINED,
  NONE;

  public static Confidence of(String name) {
    for (Confidence confidence : values()) {
      if (confidence.name().equals(name)) {
        return confidence;
      }
    }
    return NONE;
  }

  /// Whether it accuses somebody: the two that a user acts upon.
  public boolean accuses() {
    return this == VERIFIED || this == SUPPORTED;
  }
}
