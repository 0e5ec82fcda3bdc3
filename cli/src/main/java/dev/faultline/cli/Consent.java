package dev.faultline.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.Locale;
import picocli.CommandLine.Option;

/// The options of commands that change what answers requests: they ask at a terminal, want `--yes` off one, and take `--dry-run`.
final class Consent {
  private static final String STDIN_TERMINAL = "faultline.stdin.terminal";

  private final Terminal terminal;

  @Option(names = "--yes", order = 70, description = "Do not ask.")
  private boolean yes;

  @Option(names = "--dry-run", order = 71, description = "Say what would be done, and do nothing.")
  private boolean dryRun;

  Consent(Terminal terminal) {
    this.terminal = terminal;
  }

  boolean isDryRun() {
    return dryRun;
  }

  /// Whether to go on with `deed`, such as "promote version 3 of m". Without anybody to ask it must have been agreed to before.
  ///
  /// @throws CommandException exit 2 off a terminal without `--yes`
  boolean isGiven(String deed) throws CommandException {
    if (dryRun) {
      terminal.print("would " + deed);
      return false;
    }
    if (yes) {
      return true;
    }
    if (!Boolean.getBoolean(STDIN_TERMINAL) || !terminal.isLive()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("nobody can be asked whether to " + deed).help("--yes agrees beforehand, --dry-run only says what would be done"));
    }
    terminal.redraw(deed + "? [y/N] ");
    boolean agreed = answer().toLowerCase(Locale.ROOT).startsWith("y");
    if (!agreed) {
      terminal.say("nothing was changed");
    }
    return agreed;
  }

  private static String answer() {
    try {
      String line = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
      return line == null ? "" : line.strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
