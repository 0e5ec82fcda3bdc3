package dev.faultline.serving.model;

import java.nio.file.Path;

/// What the scan of a model repository met at one path.
public sealed interface Found {

  Path path();

  /// A model version to load. `modelFolder` holds what is declared for all versions; for a single file both folders are the file's.
  record Candidate(String model, String version, Path modelFolder, Path versionFolder, Path path) implements Found {}

  /// Not a model, and why.
  record Skipped(Path path, String reason) implements Found {}
}
