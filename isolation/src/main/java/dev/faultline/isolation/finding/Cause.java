package dev.faultline.isolation.finding;

/// What a verdict blames. The names are those of the verdict document.
public enum Cause {
  /// The request: this input fails on every version that was tried.
  INPUT,
  /// The version: it fails whatever the input.
  MODEL,
  /// The version and the input together: neither fails without the other.
  INTERACTION,
  /// A step before or after the model.
  STEP,
  /// The other rows of the batch.
  BATCH_INTERACTION,
  /// Memory, threads or time.
  RESOURCE,
  /// Other requests at the same time.
  CONCURRENCY,
  /// Requests that the same instance served before.
  STATE,
  /// Optimiser, runtime version or configuration.
  ENVIRONMENT,
  /// One of several servers.
  REPLICA,
  /// A service that the request depends on.
  UPSTREAM,
  /// It fails now and then under the same conditions.
  FLAKY,
  /// No claim.
  UNKNOWN
}
