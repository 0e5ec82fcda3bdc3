package dev.faultline.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A moment as people type it: `2h` ago, `7d` ago, or `2026-11-23T10:00:00Z`.
final class Since {
  private static final Pattern AGO = Pattern.compile("(\\d{1,6})([smhd])");

  private Since() {}

  static Instant of(String option, String text, Instant now) throws CommandException {
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      return now.minus(Duration.parse(iso(ago.group(1), ago.group(2))));
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new CommandException(
          ExitCode.USAGE, Complaint.of("'" + text + "' is no moment").at(option + " " + text).help("write it as 30m, 2h, 7d, or 2026-11-23T10:00:00Z"), e);
    }
  }

  private static String iso(String count, String unit) {
    return unit.equals("d") ? "P" + count + "D" : "PT" + count + unit;
  }

  /// How long ago, in one unit.
  static String ago(Instant then, Instant now) {
    long seconds = Math.max(0, Duration.between(then, now).toSeconds());
    if (seconds < 120) {
      return seconds + " s ago";
    }
    if (seconds < 7_200) {
      return seconds / 60 + " min ago";
    }
    return seconds < 172_800 ? seconds / 3_600 + " h ago" : seconds / 86_400 + " d ago";
  }
}
