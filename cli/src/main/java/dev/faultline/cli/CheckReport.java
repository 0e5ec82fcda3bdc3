package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What a contract would refuse of the kept requests, for a person: in all, rule by rule, and which faults it would have caught.
record CheckReport(Consumer<String> printer, JsonNode check) {
  private static final int GROUPS_MAX = 8;
  private static final int EXAMPLES_MAX = 3;

  void print() {
    long good = check.path("good").path("requests").asLong();
    if (good == 0) {
      line("no good request of it is kept, so nobody can say what it would refuse of them");
    } else {
      long refused = check.path("good").path("refused").asLong();
      line("good     %,d, would refuse %,d%s".formatted(good, refused, refused > 0 ? String.format(Locale.ROOT, " (%.2g %%)", 100.0 * refused / good) : ""));
    }
    line("failed   %,d, would catch %,d".formatted(check.path("failed").path("requests").asLong(), check.path("failed").path("caught").asLong()));
    if (check.path("refused").path("requests").asLong() > 0) {
      line("refused  %,d by the contract of their time, would accept %,d".formatted(check.path("refused").path("requests").asLong(), check.path("refused").path("accepted").asLong()));
    }
    rules();
    groups();
    rest("redacted", "requests are kept without hidden values: rules about those were not asked");
    rest("unreadable", "requests are kept without their body, and were passed over");
    rest("left_out", "requests failed by no fault of theirs (they left, waited too long, came in bad form), and were passed over");
  }

  ExitCode exit() {
    if (check.path("good").path("refused").asLong() > 0) {
      return ExitCode.BAD;
    }
    return check.path("good").path("requests").asLong() > 0 ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
  }

  private void rules() {
    List<JsonNode> idle = new ArrayList<>();
    for (JsonNode rule : check.path("rules")) {
      long refused = rule.path("good_refused").asLong();
      long caught = rule.path("failed_caught").asLong();
      if (refused + caught == 0) {
        idle.add(rule);
        continue;
      }
      line("%s %s   refuses %,d good, catches %,d failed".formatted(refused > 0 ? "✗" : "✓", text(rule, "rule"), refused, caught));
      examples(rule, refused > 0 ? "good" : "failed");
    }
    if (!idle.isEmpty()) {
      line("· %,d rules refuse none of them%s".formatted(idle.size(), hidden(idle)));
    }
  }

  private static String hidden(List<JsonNode> rules) {
    long hidden = rules.stream().filter(rule -> rule.path("hidden").asBoolean()).count();
    return hidden == 0 ? "" : " (%,d of them about hidden values)".formatted(hidden);
  }

  private void examples(JsonNode rule, String kind) {
    int shown = 0;
    for (JsonNode example : rule.path("examples")) {
      if (text(example, "kind").equals(kind) && shown++ < EXAMPLES_MAX) {
        line("    " + text(example, "capture") + "  " + text(example, "sentence"));
      }
    }
  }

  private void groups() {
    int shown = 0;
    for (JsonNode group : check.path("groups")) {
      if (shown++ < GROUPS_MAX) {
        line("%-7s %s   %,d of %,d caught".formatted(text(group, "group"), text(group, "code"), group.path("caught").asLong(), group.path("requests").asLong()));
      }
    }
    if (shown > GROUPS_MAX) {
      line("and " + (shown - GROUPS_MAX) + " groups more; --json lists them");
    }
  }

  private void rest(String member, String what) {
    if (check.path(member).asLong() > 0) {
      line("%,d %s".formatted(check.path(member).asLong(), what));
    }
  }

  private void line(String line) {
    printer.accept("  " + line);
  }
}
