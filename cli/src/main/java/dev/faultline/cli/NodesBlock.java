package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/// The times of a graph's nodes as text: what is slower than in the version compared with, the hottest nodes, the operators, stages and steps.
final class NodesBlock {
  private static final int ROWS_MAX = 10;

  private final Terminal terminal;
  private final JsonNode profile;
  private final JsonNode summary;

  NodesBlock(Terminal terminal, JsonNode profile) {
    this.terminal = terminal;
    this.profile = profile;
    this.summary = profile.path("summary");
  }

  void print() {
    terminal.print(text(summary, "headline"));
    terminal.print("%s requests of %s in %s rounds".formatted(text(summary, "requests"), text(profile, "model"), text(summary, "rounds")));
    changes("SLOWER", "slower");
    changes("FASTER", "faster");
    for (JsonNode version : summary.path("versions")) {
      nodes(version);
      operators(version);
      stages(version);
    }
    summary.path("notes").forEach(note -> terminal.say("note: " + note.asText()));
  }

  private void changes(String title, String member) {
    var table = new Table(title, "CHANGE MS", "INTERVAL");
    summary.path(member).forEach(each -> table.row(
        text(each, "text"), signed(each.path("change_ms").asDouble()), signed(each.path("low_ms").asDouble()) + " to " + signed(each.path("high_ms").asDouble())));
    show(table);
  }

  private void nodes(JsonNode version) {
    var table = new Table("NODE OF " + text(version, "version"), "OPERATOR", "SHARE", "MS", "95 %");
    int rows = 0;
    for (JsonNode each : version.path("nodes")) {
      if (rows++ < ROWS_MAX) {
        JsonNode own = each.path("own_ms");
        table.row(text(each, "node"), text(each, "op"), percent(each), millis(own.path("median_ms")), interval(own));
      }
    }
    show(table);
  }

  private void operators(JsonNode version) {
    var table = new Table("OPERATOR OF " + text(version, "version"), "NODES", "SHARE", "MS");
    int rows = 0;
    for (JsonNode each : version.path("operators")) {
      if (rows++ < ROWS_MAX) {
        table.row(text(each, "op"), text(each, "nodes"), percent(each), millis(each.path("own_ms")));
      }
    }
    show(table);
  }

  private void stages(JsonNode version) {
    var table = new Table("STAGE OF " + text(version, "version"), "MS", "95 %");
    version.path("stages").forEach(each -> table.row(
        text(each, "stage") + (text(each, "step").isEmpty() ? "" : " step " + text(each, "step")), millis(each.path("median_ms")), interval(each)));
    show(table);
  }

  private void show(Table table) {
    if (!table.isEmpty()) {
      terminal.print("");
      table.print(terminal, "");
    }
  }

  private static String interval(JsonNode spread) {
    return spread.path("low_ms").isNumber() ? millis(spread.path("low_ms")) + " to " + millis(spread.path("high_ms")) : "too few rounds";
  }

  private static String percent(JsonNode row) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * row.path("share").asDouble());
  }

  private static String millis(JsonNode value) {
    return String.format(Locale.ROOT, "%.3f", value.asDouble());
  }

  private static String signed(double millis) {
    return String.format(Locale.ROOT, "%+.3f", millis);
  }
}
