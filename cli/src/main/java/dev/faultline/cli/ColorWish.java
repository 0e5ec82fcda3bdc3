package dev.faultline.cli;

import java.util.Map;

/// Whether colours are wanted: `--color`, else `NO_COLOR`, else `CLICOLOR_FORCE` or `FORCE_COLOR`, else a terminal that is not dumb.
enum ColorWish {
  AUTO,
  ALWAYS,
  NEVER;

  boolean isMet(Map<String, String> environment, boolean onTerminal) {
    return switch (this) {
      case ALWAYS -> true;
      case NEVER -> false;
      case AUTO -> {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
          yield false;
        }
        yield isForced(environment) || (onTerminal && !environment.getOrDefault("TERM", "dumb").equals("dumb"));
      }
    };
  }

  private static boolean isForced(Map<String, String> environment) {
    return isSet(environment.getOrDefault("CLICOLOR_FORCE", "")) || isSet(environment.getOrDefault("FORCE_COLOR", ""));
  }

  private static boolean isSet(String value) {
    return !value.isEmpty() && !value.equals("0");
  }
}
