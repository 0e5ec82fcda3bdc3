package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// One rule more in a model's `contract.yaml`: what changes in the file, what that refuses, and writing it.
///
/// The file is only written where it still says what the server read, which also tells whether this is the server's machine. It is replaced as a whole, so that nobody reads half of
/// it.
record RuleAddition(Terminal terminal, AdminClient client, JsonNode look, String model) {

  void print() {
    terminal.print(file().toString());
    lines(text(result(), "text_before"), text(result(), "text_after"));
    result().path("changes").forEach(change -> terminal.print("  %s: %s %s".formatted(text(change, "effect"), text(change, "about"), text(change, "after").isEmpty() ? text(change, "what") + " is gone" : text(change, "after"))));
    if (result().path("changes").isEmpty()) {
      terminal.print("  the contract says so already");
    }
    new CheckReport(terminal::print, result().path("check")).print();
  }

  /// Whether it may be written: a rule that refuses good requests wants to be forced.
  ExitCode exit(boolean force) {
    boolean refuses = result().path("check").path("good").path("refused").asLong() > 0;
    if (refuses && !force) {
      terminal.say("not written: it would refuse good requests; --force writes it all the same");
      return ExitCode.BAD;
    }
    return ExitCode.GOOD;
  }

  void write() throws CommandException {
    Path file = file();
    String before = text(result(), "text_before");
    if (text(result(), "text_after").equals(before)) {
      return;
    }
    try {
      String now = Files.isRegularFile(file) ? Files.readString(file) : "";
      if (!now.equals(before) || !Files.isDirectory(folder(file))) {
        throw new CommandException(ExitCode.USAGE, Complaint.of("the contract here is not the one that the server read").at(file.toString())
            .note("it is on another machine, or was changed meanwhile").help("--out FILE writes the contract with the rule to a file of yours"));
      }
      replace(file, text(result(), "text_after"));
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot write '" + file + "': " + e.getMessage()).at(file.toString()).help("--out FILE writes the contract with the rule elsewhere"), e);
    }
    terminal.say("wrote " + file);
  }

  /// Puts it in force, or says how.
  void after(boolean load) throws CommandException {
    String version = text(look.path("of"), "version");
    if (!load) {
      terminal.say("it is in force when the version is loaded again: faultline models load " + model + " " + version);
      return;
    }
    client.post("models/" + model + "/versions/" + version + "/load", JsonNodeFactory.instance.objectNode());
    terminal.say("loaded " + model + " v" + version + ": the rule is in force");
  }

  private JsonNode result() {
    return look.path("result");
  }

  private Path file() {
    return Path.of(text(result(), "file"));
  }

  private static Path folder(Path file) {
    return file.toAbsolutePath().resolveSibling(".").normalize();
  }

  private static void replace(Path file, String content) throws IOException {
    Path half = Files.createTempFile(folder(file), ".contract", ".yaml");
    try {
      Files.writeString(half, content);
      move(half, file);
    } finally {
      Files.deleteIfExists(half);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// What is between the lines that both texts begin and end with.
  private void lines(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> now = after.lines().toList();
    int first = 0;
    while (first < Math.min(old.size(), now.size()) && old.get(first).equals(now.get(first))) {
      first++;
    }
    int last = 0;
    while (last < Math.min(old.size(), now.size()) - first && old.get(old.size() - 1 - last).equals(now.get(now.size() - 1 - last))) {
      last++;
    }
    old.subList(Math.max(0, first - 2), first).forEach(line -> terminal.print("    " + line));
    old.subList(first, old.size() - last).forEach(line -> terminal.print(terminal.out(Style.RED, "  - " + line)));
    now.subList(first, now.size() - last).forEach(line -> terminal.print(terminal.out(Style.GREEN, "  + " + line)));
  }
}
