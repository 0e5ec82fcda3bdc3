package dev.faultline.server.config;

import java.util.List;

/// The configuration cannot be used. Holds every problem there is, each a sentence with the key, where it was set, what was found and
/// what was expected.
public final class ConfigException extends Exception {
  private final List<String> problems;

  ConfigException(List<String> problems) {
    super((problems.size() == 1 ? "1 problem" : problems.size() + " problems") + " in the configuration:\n  " + String.join("\n  ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
