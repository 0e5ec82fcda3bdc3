package dev.faultline.protocol;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Occurrence;
import dev.faultline.request.StageRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/// A fault as one header: an RFC 9651 dictionary that access logs, proxies and clients can read without the body.
///
/// Words are tokens. The field path is always a quoted string; what such a string cannot hold (controls, anything but ASCII, and `%`
/// itself) is percent-encoded as UTF-8.
public final class FaultHeader {
  public static final String FAULT = "Faultline-Fault";
  public static final String SUSPICION = "Faultline-Suspicion";
  public static final String SERVER_TIMING = "Server-Timing";

  /// Characters of a path that are shown; some proxies refuse headers above 4 KiB.
  static final int PATH_CHARS_MAX = 256;

  private FaultHeader() {}

  /// The value of `Faultline-Fault`, or of `Faultline-Suspicion` for the first suspicion.
  public static String of(Occurrence occurrence, FaultContext context) {
    Fault fault = occurrence.fault();
    var value = new StringBuilder(128);
    value.append("id=").append(word(occurrence.id()));
    value.append(", code=").append(word(fault.code().label()));
    value.append(", stage=").append(fault.stage().name());
    value.append(", blame=").append(fault.blame().name());
    fault.field().ifPresent(field -> value.append(", field=").append(quoted(field.path())));
    if (!context.group().isEmpty()) {
      value.append(", group=").append(word(context.group()));
    }
    return value.toString();
  }

  /// The value of `Server-Timing`: how long each stage took, in the order they ran.
  public static String serverTiming(List<StageRun> runs) {
    var value = new StringBuilder(runs.size() * 24);
    for (StageRun run : runs) {
      value.append(value.isEmpty() ? "" : ", ").append(run.stage().label()).append(";dur=").append(Millis.text(run.durationNanos()));
    }
    return value.toString();
  }

  private static String word(String text) {
    return isToken(text) ? text : quoted(text);
  }

  /// RFC 9651, 3.3.4.
  private static boolean isToken(String text) {
    boolean starts = !text.isEmpty() && (isLetter(text.charAt(0)) || text.charAt(0) == '*');
    return starts && text.length() <= PATH_CHARS_MAX && text.chars().allMatch(FaultHeader::isTokenCharacter);
  }

  private static boolean isTokenCharacter(int each) {
    return isLetter(each) || (each >= '0' && each <= '9') || "!#$%&'*+-.^_`|~:/".indexOf(each) >= 0;
  }

  private static boolean isLetter(int each) {
    return (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder(text.length() + 2).append('"');
    for (byte each : Excerpt.of(text, PATH_CHARS_MAX).getBytes(StandardCharsets.UTF_8)) {
      if (each == '"' || each == '\\') {
        quoted.append('\\').append((char) each);
      } else if (each < 0x20 || each == 0x7F || each == '%') {
        quoted.append('%').append(String.format(Locale.ROOT, "%02X", each & 0xFF));
      } else {
        quoted.append((char) each);
      }
    }
    return quoted.append('"').toString();
  }
}
