package dev.faultline.server.config;

import java.util.Locale;

/// One key of the configuration: its path, what it takes, its default as a person would write it, and what it is for.
public record ConfigKey<T>(String path, Kind<T> kind, String fallback, String meaning) {

  /// The environment variable that sets it, such as `FAULTLINE_SERVER_GRPC_PORT`.
  public String variable() {
    return "FAULTLINE_" + path.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// Whether the value must not be shown.
  public boolean isSecret() {
    return path.endsWith(".token");
  }
}
