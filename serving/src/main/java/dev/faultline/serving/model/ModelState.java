package dev.faultline.serving.model;

/// Where a model version stands. The labels are Triton's repository states.
public sealed interface ModelState {

  record Loading() implements ModelState {}

  record Ready(ModelVersion version, long loadMillis) implements ModelState {}

  /// Not loaded: `code` is `load.<kind>`, `reason` says what was found, expected, and how to mend it.
  record Failed(String code, String reason) implements ModelState {}

  record Unloaded(String reason) implements ModelState {}

  default String label() {
    return switch (this) {
      case Loading _ -> "LOADING";
      case Ready _ -> "READY";
      case Failed _, Unloaded _ -> "UNAVAILABLE";
    };
  }

  /// Why the version does not answer; empty when it does.
  default String reason() {
    return switch (this) {
      case Loading _ -> "it is still loading";
      case Ready _ -> "";
      case Failed(String code, String reason) -> "it did not load: " + reason + " (" + code + ")";
      case Unloaded(String reason) -> reason;
    };
  }
}
