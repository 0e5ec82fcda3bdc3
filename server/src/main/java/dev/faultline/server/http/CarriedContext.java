package dev.faultline.server.http;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// What callers send along for others to read: `tracestate` and `baggage`, cut to the limits of the W3C specifications so that nobody
/// can make the server carry megabytes. A member that is malformed is left out; the others go on.
final class CarriedContext {
  /// W3C Baggage, 3.3.2, and its earlier limit on members.
  static final int BAGGAGE_BYTES_MAX = 8_192;

  static final int BAGGAGE_MEMBERS_MAX = 180;

  /// W3C Trace Context, 3.3.1.
  static final int STATE_CHARS_MAX = 512;

  static final int STATE_MEMBERS_MAX = 32;

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String VALUE = "[\\x21\\x23-\\x2B\\x2D-\\x3A\\x3C-\\x5B\\x5D-\\x7E]*";
  private static final Pattern BAGGAGE_MEMBER =
      Pattern.compile(TOKEN + "\\s*=\\s*" + VALUE + "(\\s*;\\s*" + TOKEN + "(\\s*=\\s*" + VALUE + ")?)*+");
  private static final Pattern STATE_MEMBER = Pattern.compile("[a-z0-9][a-z0-9_*/@-]{0,255}=[\\x20-\\x2B\\x2D-\\x3C\\x3E-\\x7E]{1,256}");

  private CarriedContext() {}

  /// The members of `baggage` that fit, in their order.
  static String baggage(String header) {
    return members(header, BAGGAGE_MEMBER, BAGGAGE_MEMBERS_MAX, BAGGAGE_BYTES_MAX);
  }

  /// The members of `tracestate` that fit, in their order.
  static String state(String header) {
    return members(header, STATE_MEMBER, STATE_MEMBERS_MAX, STATE_CHARS_MAX);
  }

  private static String members(String header, Pattern form, int membersMax, int bytesMax) {
    var kept = new StringBuilder();
    int members = 0;
    for (String part : header.isEmpty() ? new String[0] : header.split(",", -1)) {
      String member = part.strip();
      int more = member.getBytes(StandardCharsets.UTF_8).length + (members == 0 ? 0 : 1);
      if (members == membersMax || kept.length() + more > bytesMax) {
        return kept.toString();
      }
      if (form.matcher(member).matches()) {
        kept.append(members == 0 ? "" : ",").append(member);
        members++;
      }
    }
    return kept.toString();
  }
}
