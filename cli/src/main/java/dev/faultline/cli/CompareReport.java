package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What a comparison found, for a person: the two sides with their sizes, then what separates them, the strongest first.
record CompareReport(Terminal terminal, JsonNode comparison) {

  void print() {
    terminal.print(side(comparison.path("selected")) + " against " + side(comparison.path("baseline")));
    if (text(comparison, "answer").equals("SEPARATED")) {
      comparison.path("differences").forEach(this::difference);
      more();
    } else {
      terminal.print("  " + text(comparison, "summary"));
    }
    notes().forEach(note -> terminal.print("  note  " + note));
  }

  /// An answer is good whether something separates the two or nothing does.
  ExitCode exit() {
    return text(comparison, "answer").equals("TOO_FEW") ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
  }

  private static String side(JsonNode side) {
    long count = side.path("requests").asLong();
    return "%s (%s)".formatted(text(side, "text"), count == 1 ? "1 request" : "%,d requests".formatted(count));
  }

  private void difference(JsonNode difference) {
    JsonNode counts = difference.path("counts");
    JsonNode odds = difference.path("odds_ratio");
    terminal.print("  %s  %s   %s".formatted(text(difference, "rank"), conditions(difference.path("conditions"), " and "), text(difference, "confidence")));
    terminal.print("     %s of the selected, %s of the baseline".formatted(part(counts, "selected"), part(counts, "baseline")));
    terminal.print("     odds ratio %s (95 %%: %s to %s), adjusted p %.2g".formatted(
        ratio(odds.path("value")), ratio(odds.path("low")), ratio(odds.path("high")), difference.path("p_adjusted").asDouble()));
    if (!difference.path("equivalents").isEmpty()) {
      terminal.print("     the same requests have " + conditions(difference.path("equivalents"), ", "));
    }
    terminal.print("     such as " + String.join(", ", examples(difference)));
  }

  private static String ratio(JsonNode number) {
    return (number.asDouble() < 100 ? "%.3g" : "%,.0f").formatted(number.asDouble());
  }

  private static String part(JsonNode counts, String side) {
    long with = counts.path(side + "_with").asLong();
    return "%,d of %,d".formatted(with, with + counts.path(side + "_without").asLong());
  }

  private static String conditions(JsonNode conditions, String between) {
    var words = new ArrayList<String>();
    conditions.forEach(each -> words.add(text(each, "dimension") + " " + text(each, "operator") + " " + value(each)));
    return String.join(between, words);
  }

  private static String value(JsonNode condition) {
    JsonNode value = condition.path("value");
    boolean quoted = value.isTextual() && text(condition, "operator").equals("=");
    return quoted ? "'" + value.asText() + "'" : value.isValueNode() ? value.asText() : value.toString();
  }

  private static List<String> examples(JsonNode difference) {
    var ids = new ArrayList<String>();
    difference.path("examples").forEach(each -> ids.add(text(each, "fault").isEmpty() ? text(each, "capture") : text(each, "fault")));
    return ids;
  }

  private void more() {
    String fault = text(comparison.path("differences").path(0).path("examples").path(0), "fault");
    if (!fault.isEmpty()) {
      terminal.print("  more  faultline explain " + fault);
    }
  }

  private List<String> notes() {
    var notes = new ArrayList<String>();
    boolean contentUnknown = comparison.path("by_content").isBoolean() && !comparison.path("by_content").asBoolean();
    if (contentUnknown) {
      notes.add("most of one side cannot be decoded, so only version, client, headers and hour were compared");
    }
    if (text(comparison, "within").equals("all")) {
      notes.add("the two share too few hours to tell time from cause; name a baseline of the same time if you can");
    }
    for (String side : List.of("selected", "baseline")) {
      long undecoded = comparison.path(side).path("undecoded").asLong();
      if (undecoded > 0) {
        notes.add("%,d more of the %s cannot be decoded and were left out".formatted(undecoded, side));
      }
      if (comparison.path(side).path("more").asBoolean()) {
        notes.add("more of the %s are kept; --limit N reads up to 10,000".formatted(side));
      }
    }
    return notes;
  }
}
