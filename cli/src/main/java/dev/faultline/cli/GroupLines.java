package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What a `group.v1` document says about the life of a group, as text.
final class GroupLines {
  private GroupLines() {}

  /// Such as `resolved in 3, seen again in 5`; empty for a document that does not say.
  static String state(JsonNode group) {
    JsonNode regression = group.path("regression");
    if (regression.isObject()) {
      return "resolved" + in(text(regression, "resolved_in")) + ", seen again" + in(text(regression, "seen_again_in"));
    }
    JsonNode resolution = group.path("resolution");
    return resolution.isObject() ? "resolved" + in(text(resolution, "version")) : group.has("state") ? "open" : "";
  }

  /// The other groups that have the same verified cause, and the causes of a group that has several.
  static List<String> causes(JsonNode group) {
    var lines = new ArrayList<String>();
    List<String> same = texts(group.path("same_cause_as"));
    if (!same.isEmpty()) {
      lines.add("same verified cause as " + String.join(", ", same));
    }
    group.path("causes").forEach(each -> lines.add(
        "one of several: " + text(each, "cause") + " " + String.join(" ", texts(each.path("places"))) + since(each) + "   " + String.join(" ", texts(each.path("faults")))));
    return lines;
  }

  private static String since(JsonNode cause) {
    return text(cause, "first_bad").isEmpty() ? "" : " since version " + text(cause, "first_bad");
  }

  private static String in(String version) {
    return version.isEmpty() ? "" : " in " + version;
  }
}
