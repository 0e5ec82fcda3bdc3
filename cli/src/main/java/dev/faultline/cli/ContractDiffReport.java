package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;

/// How two contracts differ, for a person: rule by rule, and which kept requests they decide differently.
record ContractDiffReport(Terminal terminal, JsonNode result, String file) {
  private static final int EXAMPLES_MAX = 5;

  void print(String model) {
    String after = file.isEmpty() ? text(result, "after") : file;
    JsonNode changes = result.path("changes");
    terminal.print("%s: %s against %s, %s".formatted(model, text(result, "before"), after, changes.isEmpty() ? "no difference" : changes.size() + (changes.size() == 1 ? " difference" : " differences")));
    changes.forEach(this::change);
    decisions("newly_refused", "newly refused");
    decisions("newly_accepted", "newly accepted");
    if (total("newly_refused") + total("newly_accepted") == 0) {
      long all = total("both_accept") + total("both_refuse");
      terminal.print(all == 0 ? "  no request is kept that they could decide" : "  they decide all %,d kept requests alike".formatted(all));
    }
  }

  /// What is not accepted any more breaks who sends it.
  ExitCode exit() {
    for (JsonNode change : result.path("changes")) {
      if (text(change, "effect").equals("stricter") || text(change, "effect").equals("either")) {
        return ExitCode.BAD;
      }
    }
    return total("newly_refused") > 0 ? ExitCode.BAD : ExitCode.GOOD;
  }

  private void change(JsonNode change) {
    String effect = switch (text(change, "effect")) {
      case "stricter" -> "STRICTER";
      case "either" -> "OTHER";
      default -> text(change, "effect");
    };
    terminal.print("  %-8s  %s  %s  %s → %s".formatted(effect, text(change, "about"), text(change, "what"), shown(change, "before"), shown(change, "after")));
  }

  private static String shown(JsonNode change, String member) {
    return text(change, member).isEmpty() ? "nothing" : text(change, member);
  }

  private void decisions(String decision, String words) {
    if (total(decision) == 0) {
      return;
    }
    JsonNode counts = result.path("decisions").path(decision);
    terminal.print("  %,d kept requests %s: %,d that were good, %,d that failed, %,d that were refused".formatted(total(decision), words, counts.path("good").asLong(), counts.path("failed").asLong(), counts.path("refused").asLong()));
    int shown = 0;
    for (JsonNode example : result.path("examples")) {
      if (text(example, "decision").equals(decision) && shown++ < EXAMPLES_MAX) {
        terminal.print("    %s  %-7s  %s".formatted(text(example, "capture"), text(example, "kind"), text(example, "sentence")));
      }
    }
  }

  private long total(String decision) {
    long total = 0;
    for (JsonNode count : result.path("decisions").path(decision)) {
      total += count.asLong();
    }
    return total;
  }
}
