package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.Locale;

/// A profile as text: whose the samples are, the hottest methods, the places that allocate or wait, and the clock's view.
final class ProfileBlock {
  private static final int ROWS_MAX = 10;
  private static final double KIB = 1_024;

  private final Terminal terminal;
  private final JsonNode profile;
  private final JsonNode summary;
  private final URI base;

  ProfileBlock(Terminal terminal, JsonNode profile, URI base) {
    this.terminal = terminal;
    this.profile = profile;
    this.summary = profile.path("summary");
    this.base = base;
  }

  void print() {
    terminal.print(text(summary, "headline"));
    terminal.print("%s profile, %s s, by %s; %s of %s are %s".formatted(
        text(profile, "event"), text(profile, "seconds"), text(profile, "profiler"), amount(summary.path("asked")), amount(summary.path("total")), whose()));
    owners("STAGE", "stages");
    owners("STEP", "steps");
    hottest();
    sites();
    clock();
    summary.path("notes").forEach(note -> terminal.say("note: " + note.asText()));
    terminal.say("flame graph: " + base + profile.path("links").path("flamegraph").asText());
  }

  private String whose() {
    return text(profile, "model").isEmpty() ? "of requests" : "of " + text(profile, "model") + (text(profile, "version").isEmpty() ? "" : "/" + text(profile, "version"));
  }

  private void owners(String title, String member) {
    var table = new Table(title, "MODEL", "V", title.equals("STEP") ? "STAGE" : "", "SHARE", unit());
    int rows = 0;
    for (JsonNode each : summary.path(member)) {
      if (rows++ < ROWS_MAX) {
        boolean step = title.equals("STEP");
        table.row(text(each, step ? "step" : "stage"), model(each), text(each, "version"), step ? text(each, "stage") : "", percent(each.path("share")), amount(each.path("value")));
      }
    }
    show(table);
  }

  private static String model(JsonNode row) {
    return text(row, "model").isEmpty() ? "(not known yet)" : text(row, "model");
  }

  private void hottest() {
    var table = new Table("HOTTEST", "SELF", unit());
    int rows = 0;
    for (JsonNode each : summary.path("hottest")) {
      if (rows++ < ROWS_MAX) {
        table.row(text(each, "frame"), percent(each.path("self_share")), amount(each.path("self")));
      }
    }
    show(table);
  }

  private void sites() {
    var table = new Table("SITE", "TYPE", "WHERE", "SHARE", unit());
    int rows = 0;
    for (JsonNode each : summary.path("sites")) {
      if (rows++ < ROWS_MAX) {
        table.row(text(each, "site"), text(each, "type"), text(each, "where"), percent(each.path("share")), amount(each.path("value")));
      }
    }
    show(table);
  }

  /// Every request of the time, waiting included.
  private void clock() {
    var table = new Table("BY THE CLOCK", "MODEL", "V", "MEAN MS", "SHARE", "CALLS");
    for (JsonNode version : summary.path("times")) {
      table.row("request", text(version, "model"), text(version, "version"), millis(version), "", text(version, "requests"));
      version.path("stages").forEach(each -> table.row(text(each, "stage"), text(version, "model"), text(version, "version"), millis(each), percent(each.path("share")), text(each, "calls")));
      version.path("steps").forEach(each -> table.row(
          text(each, "stage") + " step " + text(each, "step"), text(version, "model"), text(version, "version"), millis(each), percent(each.path("share")), text(each, "calls")));
    }
    show(table);
  }

  private void show(Table table) {
    if (!table.isEmpty()) {
      terminal.print("");
      table.print(terminal, "");
    }
  }

  private String unit() {
    return text(profile, "unit").toUpperCase(Locale.ROOT);
  }

  private String amount(JsonNode value) {
    return switch (text(profile, "unit")) {
      case "bytes" -> String.format(Locale.ROOT, "%,.0f KiB", value.asLong() / KIB);
      case "nanoseconds" -> String.format(Locale.ROOT, "%,.3f ms", value.asLong() / 1e6);
      default -> String.format(Locale.ROOT, "%,d", value.asLong());
    };
  }

  private static String millis(JsonNode row) {
    return String.format(Locale.ROOT, "%.3f", row.path("mean_ms").asDouble());
  }

  private static String percent(JsonNode share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share.asDouble());
  }
}
