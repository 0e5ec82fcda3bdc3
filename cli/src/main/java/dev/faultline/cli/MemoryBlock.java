package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/// Whose the memory of the server is, as text.
final class MemoryBlock {
  private static final double MIB = 1 << 20;

  private final Terminal terminal;
  private final JsonNode memory;

  MemoryBlock(Terminal terminal, JsonNode memory) {
    this.terminal = terminal;
    this.memory = memory;
  }

  void print() {
    JsonNode process = memory.path("process");
    var owners = new Table("OWNER", "MIB");
    if (process.has("resident_bytes")) {
      owners.row("process " + text(memory, "pid"), mib(process.path("resident_bytes")));
    }
    owners.row("Java heap, in use", mib(memory.path("heap").path("used_bytes")));
    owners.row("Java heap, taken", mib(memory.path("heap").path("committed_bytes")));
    owners.row("JVM: classes, compiled code", mib(memory.path("jvm").path("committed_bytes")));
    memory.path("buffers").forEach(each -> owners.row("buffers, " + text(each, "name") + " (" + text(each, "count") + ")", mib(each.path("bytes"))));
    if (process.has("engine_and_other_bytes")) {
      owners.row("engine and the rest (estimate)", mib(process.path("engine_and_other_bytes")));
    }
    owners.row("captures that wait", mib(memory.path("captures").path("waiting_bytes")));
    owners.print(terminal, "");
    versions();
    tracked();
    memory.path("notes").forEach(note -> terminal.say("note: " + note.asText()));
  }

  private void versions() {
    var table = new Table("VERSION", "WEIGHTS MIB", "ARENA MIB", "PROCESS", "MIB");
    memory.path("versions").forEach(each -> table.row(
        text(each, "model") + "/" + text(each, "version"),
        mib(each.path("weights_bytes")),
        each.has("arena_bytes") ? mib(each.path("arena_bytes")) : "profile --nodes",
        each.path("own_process").asBoolean() ? text(each, "process") : "the server's",
        each.has("resident_bytes") ? mib(each.path("resident_bytes")) : ""));
    show(table);
  }

  private void tracked() {
    var table = new Table("TRACKED BY THE JVM", "MIB");
    memory.path("tracked").properties().forEach(each -> table.row(each.getKey(), mib(each.getValue())));
    show(table);
  }

  private void show(Table table) {
    if (!table.isEmpty()) {
      terminal.print("");
      table.print(terminal, "");
    }
  }

  private static String mib(JsonNode bytes) {
    return String.format(Locale.ROOT, "%,.1f", bytes.asLong() / MIB);
  }
}
