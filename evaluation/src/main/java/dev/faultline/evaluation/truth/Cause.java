package dev.faultline.evaluation.truth;

/// The causes a verdict may name, and `NONE` for no verdict at all.
public enum Cause {
  INPUT,
  MODEL,
  INTERACTION,
  STEP,
  BATCH_INTERACTION,
  RESOURCE,
  CONCURRENCY,
  STATE,
  ENVIRONMENT,
  REPLICA,
  UPSTREAM,
  FLAKY,
  UNKNOWN,
  NONE;

  /// The cause of this name; `NONE` for another.
  public static Cause of(String name) {
    for (Cause cause : values()) {
      if (cause.name().equals(name)) {
        return cause;
      }
    }
    return NONE;
  }
}
