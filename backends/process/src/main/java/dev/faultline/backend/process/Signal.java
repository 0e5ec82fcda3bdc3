package dev.faultline.backend.process;

import java.util.Map;

/// Names of the signals that end processes, and what their exit codes say.
final class Signal {
  static final int EXIT_BASE = 128;
  static final int KILL = 9;

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "SIGHUP"),
          Map.entry(2, "SIGINT"),
          Map.entry(3, "SIGQUIT"),
          Map.entry(4, "SIGILL"),
          Map.entry(5, "SIGTRAP"),
          Map.entry(6, "SIGABRT"),
          Map.entry(7, "SIGBUS"),
          Map.entry(8, "SIGFPE"),
          Map.entry(9, "SIGKILL"),
          Map.entry(11, "SIGSEGV"),
          Map.entry(15, "SIGTERM"),
          Map.entry(24, "SIGXCPU"),
          Map.entry(31, "SIGSYS"));

  private Signal() {}

  /// Empty when the process ended by itself.
  static String ofExit(int exitCode) {
    int number = exitCode - EXIT_BASE;
    return number <= 0 ? "" : NAMES.getOrDefault(number, "signal " + number);
  }

  /// Whether the signal is one that people and systems send, not one that a process brings upon itself.
  static boolean isSent(int exitCode) {
    return switch (exitCode - EXIT_BASE) {
      case 1, 2, 3, KILL, 15 -> true;
      default -> false;
    };
  }
}
