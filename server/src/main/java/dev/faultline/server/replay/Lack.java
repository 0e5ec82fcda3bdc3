package dev.faultline.server.replay;

import java.util.Locale;

/// Which piece was missing when nothing could be said of a request. The labels are those of the admin API.
enum Lack {
  /// The request said `faultline_capture: none`, or captures are off.
  BODY_NOT_KEPT,
  /// Redaction could not go through it value by value, so that it was not kept.
  BODY_WITHHELD,
  /// Values that redaction hides stand as zeros in what was kept, and that may be the difference.
  REDACTED,
  /// It failed before a model was known.
  NO_MODEL,
  /// The version cannot be loaded: its file is gone, or broken.
  VERSION_UNLOADED,
  /// The contract says that the model must not do twice what it does.
  SIDE_EFFECTS,
  /// The replay took longer than it may.
  OUT_OF_TIME,
  /// The outputs of one version change from run to run.
  UNSTEADY,
  /// There is nothing to compare the outputs with.
  NOT_COMPARABLE;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
