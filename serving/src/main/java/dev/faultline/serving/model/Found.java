package dev.faultline.serving.model;

import java.nio.file.Path;

/// What the scan of a model repository met at one path.
public sealed interface Found {

  Path path();

  /// A version of a model, whether it can be loaded or not.
  sealed interface OfModel extends Found {

    String model();

    String version();

    Layout layout();
  }

  /// A model version to load. `modelFolder` holds what is declared for all versions; for a single file both folders are the file's.
  record Candidate(String model, String version, Layout layout, Path modelFolder, Path versionFolder, Path path) implements OfModel {}

  /// A model version that must not or cannot be loaded: `code` is `load.<kind>`, `reason` says what was found, expected, and how to mend it.
  record Refused(String model, String version, Layout layout, Path path, String code, String reason) implements OfModel {}

  /// Not a model, and why.
  record Skipped(Path path, String reason) implements Found {}
}
