package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.Stage;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What a person sees of the demo: the first of each kind of fault as it happens, then the summary. As JSON only the summary.
///
/// Longer than most: it is the demo's one page, read from top to bottom.
final class DemoShow {
  private static final long REDRAW_NANOS = 100_000_000;

  private final Terminal terminal;
  private final boolean json;
  private final int calls;
  private long redrawnNanos;
  private long startNanos;
  private long tookNanos;

  DemoShow(Terminal terminal, boolean json, int calls) {
    this.terminal = terminal;
    this.json = json;
    this.calls = calls;
  }

  void begin(URI http, int rows) {
    startNanos = System.nanoTime();
    if (!json) {
      terminal.print(terminal.out(Style.BOLD, "faultline demo") + "  does a bird strike damage the aircraft?  three releases of a model on " + http);
      terminal.print("%,d real reports, one a request: 60 %% to the latest version, 20 %% to version 1, 20 %% to version 2, the new release;".formatted(rows));
      terminal.print("and a clumsy client. The first of each kind of failure as it happens:");
      terminal.print("");
    }
  }

  /// @param why what the server says of the answer
  synchronized void answered(DemoCall call, DemoAnswer answer, boolean first, String why, DemoTally tally) {
    if (json) {
      return;
    }
    if (first) {
      clear();
      first(call, answer, why);
    }
    long now = System.nanoTime();
    if (terminal.isLive() && now - redrawnNanos > REDRAW_NANOS) {
      redrawnNanos = now;
      terminal.redraw("  " + tally.line(calls));
    }
  }

  private void first(DemoCall call, DemoAnswer answer, String why) {
    boolean served = answer.fault().isEmpty();
    String head = (served ? "! " : "✗ ") + answer.status() + " %-24s".formatted(served ? answer.suspicion() : answer.fault());
    String line = call.client() + ": " + why + (served ? "; served all the same" : "");
    int room = terminal.width() - head.length() - 4;
    terminal.print("  " + terminal.out(served ? Style.YELLOW : Style.RED, head) + " " + (terminal.isForPerson() && line.length() > room ? line.substring(0, room - 1) + "…" : line));
  }

  void end() {
    tookNanos = System.nanoTime() - startNanos;
    clear();
  }

  /// The next scene begins, and takes some seconds.
  void releasing() {
    if (!json && terminal.isLive()) {
      terminal.redraw("  releasing versions 2 and 3 in stages ...");
      redrawnNanos = System.nanoTime();
    }
  }

  private void clear() {
    if (terminal.isLive() && redrawnNanos != 0) {
      terminal.redraw("");
    }
  }

  /// @return whether all that the demo holds true is true
  boolean summary(DemoFindings findings, DemoFolder folder, URI admin, boolean once) {
    List<DemoCheck> checks = findings.checks();
    boolean good = checks.stream().allMatch(DemoCheck::holds);
    if (json) {
      terminal.print(document(findings, checks, good));
      return good;
    }
    clear();
    numbers(findings);
    verdict(findings.verdict());
    releases(findings.releases());
    checks(findings, checks);
    further(findings, folder, admin, once);
    return good;
  }

  private void numbers(DemoFindings findings) {
    DemoTally tally = findings.tally();
    long suspicious = tally.suspicions().values().stream().mapToLong(Long::longValue).sum();
    terminal.print("");
    terminal.print(terminal.out(Style.BOLD, "%,d requests in %.1f s".formatted(tally.requests(), tookNanos / 1e9))
        + "   %,d served, %,d of them suspicious   %,d faulted".formatted(tally.served(), suspicious, tally.requests() - tally.served()));
    terminal.print("");
    var table = new Table("GROUP", "STAGE", "CODE", "BLAME", "VERSION", "FIELD", "NODE", "COUNT", "");
    for (JsonNode group : byStage(findings.groups())) {
      table.row(
          text(group, "id"),
          text(group, "stage"),
          text(group, "code"),
          text(group, "blame"),
          String.join(" ", texts(group.path("versions"))),
          text(group, "field").replaceFirst("^inputs/", "").replaceFirst("\\[[0-9,]+]$", ""),
          text(group, "node"),
          text(group, "count"),
          group.path("suspicions").asLong() > 0 ? "suspicion" : "fault");
    }
    table.print(terminal, "  ");
  }

  /// What was found out by experiment about version 2.
  private void verdict(JsonNode verdict) {
    if (!verdict.isObject()) {
      return;
    }
    var said = new VerdictLines(verdict);
    terminal.print("");
    terminal.print(terminal.out(Style.BOLD, "why version 2") + "   " + said.sure() + "   (" + said.cost() + ")");
    line("node", said.node());
    line("since", said.since());
    line("changed", said.initializer());
    said.fields().forEach(field -> line("field", field));
    line("minimal", text(verdict.path("reproduction"), "curl"));
    said.mends().stream().limit(1).forEach(mend -> line("mend", mend));
  }

  /// What became of versions 2 and 3 as canaries beside version 1.
  private void releases(List<DemoRelease> releases) {
    terminal.print("");
    terminal.print(terminal.out(Style.BOLD, "in stages") + "   versions 2 and 3 beside version 1: 20 % of the requests, 50 %, then all; a judge watches");
    releases.forEach(each -> line("v" + each.candidate(), each.state() + " after %,d requests: ".formatted(each.requests()) + each.reason()));
  }

  private void line(String label, String said) {
    if (!said.isEmpty()) {
      terminal.print("  " + terminal.out(Style.DIM, "%-9s".formatted(label)) + said);
    }
  }

  private static List<JsonNode> byStage(JsonNode groups) {
    var sorted = new ArrayList<JsonNode>();
    groups.forEach(sorted::add);
    sorted.sort(Comparator.comparing((JsonNode group) -> Stage.valueOf(text(group, "stage"))).thenComparing(group -> text(group, "code")));
    return sorted;
  }

  private void checks(DemoFindings findings, List<DemoCheck> checks) {
    terminal.print("");
    for (DemoCheck check : checks) {
      terminal.print("  " + (check.holds() ? terminal.out(Style.GREEN, "✓ ") : terminal.out(Style.RED, "✗ ")) + check.sentence());
    }
    findings.tally().surprises().forEach(each -> terminal.print("      " + each));
  }

  private void further(DemoFindings findings, DemoFolder folder, URI admin, boolean once) {
    String group = text(findings.canaryGroup(), "id");
    terminal.print("");
    if (once && folder.temporary()) {
      terminal.print("  ./faultline demo        the same, and the server stays up to be asked");
      return;
    }
    String where = once ? "--data " + folder.path() : "--server " + admin;
    terminal.print("  ./faultline explain " + (group.isEmpty() ? "FL-1" : group) + " " + where + "        why version 2's answers are suspicious");
    terminal.print("  ./faultline faults " + where);
    terminal.print("  ./faultline captures --kind suspicion " + where);
    findings.releases().stream().limit(1).forEach(each -> terminal.print("  ./faultline rollout report " + each.id() + " " + where));
    if (!once) {
      terminal.print("");
      terminal.print("  The server stays up; Ctrl-C stops it. Its log: " + folder.path().resolve(DemoCommand.LOG_FILE));
    }
  }

  private ObjectNode document(DemoFindings findings, List<DemoCheck> checks, boolean good) {
    DemoTally tally = findings.tally();
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/demo.v1").put("good", good);
    document.put("requests", tally.requests()).put("served", tally.served()).put("seconds", Math.round(tookNanos / 1e7) / 100.0);
    tally.faults().forEach(document.putObject("faults")::put);
    tally.suspicions().forEach(document.putObject("suspicions")::put);
    document.put("rows_without_speed_to_version_2", tally.blindCanaries());
    document.set("groups", findings.groups());
    document.set("verdict", findings.verdict().isObject() ? findings.verdict() : JsonNodeFactory.instance.nullNode());
    ArrayNode releases = document.putArray("releases");
    findings.releases().forEach(each -> releases.add(each.document()));
    ArrayNode all = document.putArray("checks");
    checks.forEach(check -> all.addObject().put("holds", check.holds()).put("sentence", check.sentence()));
    tally.surprises().forEach(document.putArray("surprises")::add);
    return document;
  }
}
