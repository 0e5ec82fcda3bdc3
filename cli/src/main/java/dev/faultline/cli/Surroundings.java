package dev.faultline.cli;

import java.nio.file.Path;
import java.util.Map;

/// Where a command runs: the process's environment and the folder that relative paths are seen from.
record Surroundings(Map<String, String> environment, Path workingDir) {
  Surroundings {
    environment = Map.copyOf(environment);
  }

  String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
