package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.server.config.ReadConfig;
import dev.faultline.server.config.Setting;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `faultline config show`: the configuration that `faultline serve` would have here.
@Command(
    name = "show",
    header = {"  faultline config show", "  faultline config show --blame --config faultline.yaml", ""},
    customSynopsis = "faultline config show [OPTIONS]",
    description = {"The configuration that 'faultline serve' would have here: flag before", "environment before file before default."})
final class ConfigShowCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ConfigOptions options;

  @Option(names = "--blame", description = "Say where each value came from.")
  private boolean blame;

  ConfigShowCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.options = new ConfigOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    ReadConfig read = options.read();
    read.notes().forEach(note -> terminal.say("note: " + note));
    return output.isJson() ? output.print(document(read)) : print(read);
  }

  private ExitCode print(ReadConfig read) {
    for (Setting setting : read.settings()) {
      String value = setting.value().isEmpty() ? "''" : setting.value().replace("\n", ", ");
      String line = blame ? "%-26s %-40s %s".formatted(setting.key(), value, from(setting)) : "%-26s %s".formatted(setting.key(), value);
      terminal.print(line.stripTrailing());
    }
    return ExitCode.GOOD;
  }

  private String from(Setting setting) {
    return setting.source().equals("default") ? terminal.out(Style.DIM, "default") : setting.source();
  }

  private static ObjectNode document(ReadConfig read) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/config.v1");
    ArrayNode settings = document.putArray("settings");
    read.settings().forEach(each -> settings.addObject().put("key", each.key()).put("value", each.value()).put("source", each.source()));
    return document;
  }
}
