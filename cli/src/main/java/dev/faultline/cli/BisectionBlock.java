package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/// What a `bisection.v1` document says, as text: the answer first, then what each version or level did, then the culprit.
final class BisectionBlock {
  private final Terminal terminal;
  private final JsonNode found;

  BisectionBlock(Terminal terminal, JsonNode found) {
    this.terminal = terminal;
    this.found = found;
  }

  void print() {
    terminal.print(text(found, "summary"));
    line("", trials());
    var verdict = new VerdictLines(found);
    line("since     ", verdict.since());
    List<String> optimizers = texts(found.path("optimizers"));
    line("culprit   ", String.join(", ", optimizers) + (optimizers.isEmpty() ? "" : "   (leaving out only this: ✓)"));
    line("node      ", verdict.node());
    line("changed   ", verdict.initializer());
    verdict.fields().forEach(field -> line("", field));
    terminal.say(text(found, "replays") + " replays, " + text(found, "millis") + " ms");
  }

  private String trials() {
    var marks = new ArrayList<String>();
    found.path("trials").forEach(each -> marks.add(mark(text(each, "result")) + " " + text(each, "on")));
    return String.join("  ", marks);
  }

  private static String mark(String result) {
    return switch (result) {
      case "PASS" -> "✓";
      case "FAIL" -> "✗";
      default -> "?";
    };
  }

  private void line(String label, String text) {
    if (!text.isEmpty()) {
      terminal.print("  " + label + text);
    }
  }
}
