package dev.faultline.probe;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The value of `Faultline-Fault` or `Faultline-Suspicion`, read back; every member is empty where the header has none.
public record HeaderFault(String id, String code, String stage, String blame, String field) {
  public static final HeaderFault NONE = new HeaderFault("", "", "", "", "");
  private static final Pattern MEMBER = Pattern.compile("([a-z_]+)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^,]*))");

  public static HeaderFault of(String header) {
    Map<String, String> members = new HashMap<>();
    Matcher matcher = MEMBER.matcher(header);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      members.put(matcher.group(1), quoted == null ? matcher.group(3).strip() : plain(quoted));
    }
    return new HeaderFault(member(members, "id"), member(members, "code"), member(members, "stage"), member(members, "blame"), member(members, "field"));
  }

  public boolean isNone() {
    return code.isEmpty();
  }

  private static String member(Map<String, String> members, String name) {
    return members.getOrDefault(name, "");
  }

  /// Without the backslashes of RFC 9651 and the percent signs around what it cannot hold.
  private static String plain(String quoted) {
    String text = quoted.replaceAll("\\\\(.)", "$1");
    var bytes = new ByteArrayOutputStream();
    for (int i = 0; i < text.length(); i++) {
      boolean encoded = text.charAt(i) == '%' && text.substring(i + 1).matches("(?s)[0-9A-F]{2}.*");
      bytes.write(encoded ? Integer.parseInt(text.substring(i + 1, i + 3), 16) : text.charAt(i));
      i += encoded ? 2 : 0;
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
