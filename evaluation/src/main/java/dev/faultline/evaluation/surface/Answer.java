package dev.faultline.evaluation.surface;

import dev.faultline.evaluation.traffic.Request;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What came back for one request: the status, and what the fault or suspicion header says.
///
/// @param fault id of the fault, empty when there was none
public record Answer(Request request, int status, String fault, String code, String group, String node, boolean suspicion) {
  private static final Pattern MEMBER = Pattern.compile("(\\w+)=(\"[^\"]*\"|[^,]*)");

  static Answer of(Request request, int status, String header, boolean suspicion) {
    Map<String, String> members = new HashMap<>();
    Matcher matcher = MEMBER.matcher(header);
    while (matcher.find()) {
      members.put(matcher.group(1), matcher.group(2).replace("\"", "").strip());
    }
    return new Answer(request, status, said(members, "id"), said(members, "code"), said(members, "group"), said(members, "node"), suspicion);
  }

  private static String said(Map<String, String> members, String name) {
    return members.getOrDefault(name, "");
  }

  /// Whether the server objected, aloud or quietly.
  public boolean objected() {
    return !fault.isEmpty();
  }
}
