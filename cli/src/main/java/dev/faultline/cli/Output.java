package dev.faultline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Option;

/// The options of every command about how it answers.
final class Output {
  private final Terminal terminal;

  @Option(names = "--json", order = 90, description = "Print one JSON document instead of text.")
  private boolean json;

  @Option(names = {"-h", "--help"}, usageHelp = true, order = 99, description = "Print this help.")
  private boolean help;

  Output(Terminal terminal) {
    this.terminal = terminal;
  }

  @Option(names = "--color", paramLabel = "WHEN", order = 91, description = "auto, always or never. NO_COLOR is heeded.")
  void color(ColorWish wish) {
    terminal.wishColor(wish);
  }

  boolean isJson() {
    return json;
  }

  boolean isHelp() {
    return help;
  }

  Terminal terminal() {
    return terminal;
  }

  ExitCode print(JsonNode document) {
    terminal.print(document);
    return ExitCode.GOOD;
  }
}
