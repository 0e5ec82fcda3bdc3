package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.StringJoiner;

/// What a replay found, for a person: totals, the telling requests, the outputs that differ, and what was missing.
record ReplayReport(Terminal terminal, JsonNode replay) {
  private static final int EXAMPLES_MAX = 5;
  private static final List<String> BAD = List.of("newly_failing", "changed", "still_failing", "reproduced");

  void print() {
    JsonNode progress = replay.path("progress");
    if (progress.path("total").asLong() == 0) {
      terminal.print("nothing to replay: of " + what() + " no request is stored");
      return;
    }
    terminal.print("%s of %s run again %s, %s/s".formatted(requests(progress.path("done").asLong()), what(), where(), text(progress, "per_second")));
    terminal.print("  " + totals());
    BAD.forEach(this::examples);
    replay.path("outputs").forEach(this::output);
    replay.path("missing").forEach(each -> terminal.print("  %s  %s: %s".formatted(requests(each.path("count").asLong()), text(each, "reason"), text(each, "text"))));
    verdict(replay.path("judgement"));
    if (replay.path("not_run").asLong() > 0) {
      terminal.print("  %s not run: the time of the replay had run out".formatted(requests(replay.path("not_run").asLong())));
    }
  }

  private void verdict(JsonNode judgement) {
    if (judgement.isObject()) {
      terminal.print("  verdict " + text(judgement, "verdict"));
      judgement.path("reasons").forEach(reason -> terminal.print("    " + reason.asText()));
    }
  }

  /// Of all that is kept, the judge's verdict on the other version where it has one; otherwise whether anything is bad.
  ExitCode exit() {
    boolean isJudged = replay.path("judgement").isObject();
    boolean isBad = BAD.stream().anyMatch(status -> total(status) > 0);
    return switch (text(replay.path("judgement"), "verdict")) {
      case "PASS" -> ExitCode.GOOD;
      case "FAIL" -> ExitCode.BAD;
      default -> isBad ? ExitCode.BAD : !isJudged && total("fixed") + total("unchanged") > 0 ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
    };
  }

  private String what() {
    JsonNode of = replay.path("of");
    return List.of("fault", "group", "capture").stream().map(name -> text(of, name)).filter(id -> !id.isEmpty()).findFirst()
        .orElse(text(of, "model").isEmpty() ? "all models" : "'" + text(of, "model") + "'");
  }

  private String where() {
    String to = text(replay.path("of"), "to");
    return to.isEmpty() ? "on the version that each met" : "on version " + to;
  }

  private String totals() {
    boolean another = !text(replay.path("of"), "to").isEmpty();
    List<String> always = another ? List.of("fixed", "still_failing", "newly_failing") : List.of("reproduced", "not_reproduced");
    var line = new StringJoiner("   ");
    always.forEach(status -> line.add(word(status) + " " + total(status)));
    replay.path("totals").properties().forEach(each -> {
      if (!always.contains(each.getKey()) && each.getValue().asLong() > 0) {
        line.add(word(each.getKey()) + " " + each.getValue().asLong());
      }
    });
    return line.toString();
  }

  private void examples(String status) {
    int shown = 0;
    for (JsonNode result : replay.path("results")) {
      if (text(result, "status").equals(status) && shown < EXAMPLES_MAX) {
        terminal.print("  " + (shown == 0 ? word(status) + ":" : " ".repeat(word(status).length() + 1)) + " " + id(result) + "  " + why(result));
        shown++;
      }
    }
    if (total(status) > shown && shown > 0) {
      terminal.print("  " + " ".repeat(word(status).length() + 2) + "and " + (total(status) - shown) + " more; --json lists them");
    }
  }

  private static String id(JsonNode result) {
    String fault = text(result.path("before").path(0), "id");
    return fault.isEmpty() ? text(result, "capture") : fault;
  }

  private static String why(JsonNode result) {
    JsonNode after = result.path("after").path(0);
    return after.isMissingNode() ? text(result.path("differences").path(0), "summary") : text(after, "code") + ": " + text(after, "summary");
  }

  private void output(JsonNode output) {
    if (output.path("different").asLong() > 0) {
      String most = output.path("max_abs_error").isNumber() ? ", by %.6g at most".formatted(output.path("max_abs_error").asDouble()) : "";
      terminal.print("  output %s differs in %s of %s%s".formatted(text(output, "name"), text(output, "different"), text(output, "compared"), most));
    }
  }

  private long total(String status) {
    return replay.path("totals").path(status).asLong();
  }

  private static String word(String status) {
    return status.replace('_', ' ');
  }

  private static String requests(long count) {
    return count == 1 ? "1 request" : "%,d requests".formatted(count);
  }
}
