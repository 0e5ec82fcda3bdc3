package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// One fault, said: who must act, where, what, which field, how sure, what was ruled out, how to mend it. The console shows the same
/// block with the same words.
final class AnswerBlock {
  private static final int LABEL_WIDTH = 11;

  private final Terminal terminal;
  private final JsonNode fault;
  private final JsonNode group;
  private final JsonNode verdict;

  /// @param fault `fault.v1`
  /// @param group `group.v1`, or an empty object
  /// @param verdict `verdict.v1`, or a missing node
  AnswerBlock(Terminal terminal, JsonNode fault, JsonNode group, JsonNode verdict) {
    this.terminal = terminal;
    this.fault = fault;
    this.group = group;
    this.verdict = verdict;
  }

  void print() {
    terminal.print(title());
    terminal.print("");
    line("STATE", GroupLines.state(group));
    line("WHO", who());
    line("WHERE", where());
    line("WHAT", text(fault, "summary"));
    line("FIELD", field());
    lines("", breaches());
    if (verdict.isObject()) {
      verdict();
    } else {
      line("SURE", text(fault, "confidence"));
    }
    line("RULED OUT", ruledOut());
    lines("EVIDENCE", evidence());
    line("SENT", sent());
    lines("LINKED", GroupLines.causes(group));
    lines("PROFILE", profiles());
    lines("MEND", mends());
    lines("MORE", more());
  }

  /// Taken by themselves while the group's faults came.
  private List<String> profiles() {
    return texts(group.path("profiles")).stream().map(id -> "/faultline/v1/profiles/" + id + "/flamegraph on the admin port").toList();
  }

  /// What the investigation found.
  private void verdict() {
    var said = new VerdictLines(verdict);
    line("SURE", said.sure());
    line("SINCE", said.since());
    lines("VALUES", said.fields());
    line("WHEN", said.conditions());
    line("NODE", said.node());
    line("CHANGED", said.initializer());
    lines("PROOF", said.evidence());
    line("NOT", said.ruledOut());
  }

  private String title() {
    var parts = new ArrayList<String>();
    String fl = text(fault, "group");
    parts.add(terminal.out(Style.BOLD, fl.isEmpty() ? text(fault, "id") : fl));
    parts.add(version());
    parts.add(terminal.out(fault.path("suspicion").asBoolean() ? Style.YELLOW : Style.RED, text(fault, "code")) + (fault.path("suspicion").asBoolean() ? " (suspicion: served all the same)" : ""));
    if (group.has("count")) {
      parts.add("1".equals(text(group, "count")) ? "once" : text(group, "count") + " times");
      parts.add("versions " + String.join(" ", texts(group.path("versions"))));
      parts.add("first seen " + text(group, "first_seen").replaceFirst("\\.[0-9]+Z$", "Z"));
    }
    return String.join(" · ", parts);
  }

  private String version() {
    String version = text(fault.path("model"), "version");
    String model = text(fault.path("model"), "name");
    return model.isEmpty() ? "no model" : model + (version.isEmpty() ? "" : " v" + version);
  }

  private String who() {
    String blame = text(fault, "blame");
    return switch (blame) {
      case "CALLER" -> "CALLER: the request has to change";
      case "MODEL" -> "MODEL: the release or its contract has to change";
      case "SERVER" -> "SERVER: whoever runs Faultline must act";
      case "CAPACITY" -> "CAPACITY: there is too little of something on the server";
      case "UPSTREAM" -> "UPSTREAM: the server behind this one must act";
      default -> blame;
    };
  }

  private String where() {
    var where = new StringBuilder(text(fault, "stage"));
    if (!text(fault, "step").isEmpty()) {
      where.append(" › step ").append(text(fault, "step"));
    }
    JsonNode node = fault.path("node");
    if (node.isObject()) {
      String index = text(node, "index");
      String op = text(node, "op");
      where.append(" › node ").append(index.isEmpty() ? "" : index + " ").append(terminal.out(Style.BOLD, text(node, "name")));
      where.append(op.isEmpty() ? "" : " (op " + op + ")");
    }
    return where.toString();
  }

  private String field() {
    JsonNode field = fault.path("field");
    if (!field.isObject()) {
      return "";
    }
    String pointer = text(field, "pointer");
    return terminal.out(Style.BOLD, text(field, "path")) + (pointer.isEmpty() ? "" : "   JSON pointer " + pointer);
  }

  private List<String> breaches() {
    var breaches = new ArrayList<String>();
    JsonNode errors = fault.path("errors");
    if (errors.size() > 1) {
      errors.forEach(each -> breaches.add(text(each, "field") + "  is " + text(each, "got") + " (expected: " + text(each, "want") + ")"));
    }
    return breaches;
  }

  private String ruledOut() {
    var stages = new ArrayList<String>();
    fault.path("ruled_out").forEach(each -> stages.add(text(each, "stage").toLowerCase(Locale.ROOT) + " ✓ " + text(each, "why").replace("completed in ", "")));
    return String.join("  ", stages);
  }

  private List<String> evidence() {
    var lines = new ArrayList<String>();
    fault.path("evidence").forEach(each -> lines.add(EvidenceLine.of(each)));
    return lines;
  }

  private String sent() {
    JsonNode wire = fault.path("wire");
    JsonNode request = fault.path("request");
    return "HTTP " + text(wire, "http") + " to request " + text(request, "id") + " at " + text(fault, "occurred_at") + took();
  }

  private String took() {
    double total = 0;
    for (JsonNode each : fault.path("stages_ms")) {
      total += each.asDouble();
    }
    return total > 0 ? " after %.1f ms".formatted(total) : "";
  }

  private List<String> mends() {
    var mends = new ArrayList<String>();
    for (JsonNode each : (verdict.path("mend").isEmpty() ? fault : verdict).path("mend")) {
      String command = text(each, "command");
      mends.add(mends.size() + 1 + ". " + text(each, "text") + (command.isEmpty() ? "" : "   " + terminal.out(Style.CYAN, command)));
    }
    return mends;
  }

  private List<String> more() {
    var more = new ArrayList<String>();
    more.add("faultline help " + text(fault, "code"));
    String capture = text(fault.path("request"), "capture");
    if (!capture.isEmpty()) {
      more.add("faultline captures show " + capture);
    }
    if (!text(fault, "group").isEmpty()) {
      more.add("faultline faults --group " + text(fault, "group"));
    }
    return more;
  }

  private void lines(String label, List<String> lines) {
    for (int i = 0; i < lines.size(); i++) {
      String head = i == 0 ? label : "";
      terminal.print("  " + terminal.out(Style.DIM, head) + " ".repeat(LABEL_WIDTH - head.length()) + lines.get(i));
    }
  }

  private void line(String label, String text) {
    if (!text.isEmpty()) {
      lines(label, List.of(text));
    }
  }
}
