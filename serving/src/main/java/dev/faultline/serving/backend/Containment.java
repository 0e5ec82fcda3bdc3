package dev.faultline.serving.backend;

/// Where a model version is to run: the values of the setting `isolation`.
public enum Containment {
  /// In this process, unless the version is known or likely to kill it.
  AUTO,
  /// In this process: fastest, and a native crash ends everything.
  IN_PROCESS,
  /// In a process of its own.
  PROCESS
}
