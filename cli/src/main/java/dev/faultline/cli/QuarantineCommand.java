package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline quarantine`: the inputs that killed the process of their version, the versions that ended the server's, and letting them in
/// again.
@Command(
    name = "quarantine",
    header = {"  faultline quarantine", "  faultline quarantine clear --model ratio", ""},
    customSynopsis = "faultline quarantine [ls|clear] [OPTIONS]",
    description = "list inputs refused because they killed a process, or clear them")
final class QuarantineCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(index = "0", paramLabel = "ls|clear", arity = "0..1", description = "ls, the default, or clear: let them in again.")
  private String verb = "ls";

  @Option(names = "--model", paramLabel = "NAME", order = 1, description = "Of this model.")
  private String model = "";

  @Option(names = "--version", paramLabel = "V", order = 2, description = "Of this version.")
  private String version = "";

  @Option(names = "--digest", paramLabel = "SHA256", order = 3, description = "This input, as the list names it.")
  private String digest = "";

  QuarantineCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!List.of("ls", "clear").contains(verb)) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline quarantine does not take '" + verb + "'").help("faultline quarantine ls, or faultline quarantine clear"));
    }
    try (AdminClient client = server.openRunning()) {
      return verb.equals("ls") ? list(client.fetch("quarantine", query())) : clear(client.delete("quarantine", query()));
    }
  }

  private Map<String, String> query() {
    var query = new LinkedHashMap<String, String>();
    Map.of("model", model, "version", version, "digest", digest).forEach((name, value) -> {
      if (!value.isEmpty()) {
        query.put(name, value);
      }
    });
    return query;
  }

  private ExitCode list(JsonNode quarantine) {
    if (output.isJson()) {
      return output.print(quarantine);
    }
    if (quarantine.path("items").isEmpty() && quarantine.path("versions").isEmpty()) {
      terminal.print("nothing is in quarantine");
      return ExitCode.GOOD;
    }
    inputs(quarantine.path("items"));
    versions(quarantine.path("versions"));
    terminal.say("faultline quarantine clear lets them in again; --model, --version, --digest choose");
    return ExitCode.GOOD;
  }

  private void inputs(JsonNode items) {
    var table = new Table("MODEL", "V", "KILLS", "REFUSED", "FOR S", "INPUT", "REASON");
    items.forEach(item -> table.row(
        text(item, "model"),
        text(item, "version"),
        text(item, "kills"),
        item.path("held").asBoolean() ? "yes" : "not yet",
        String.valueOf(item.path("remaining_s").asLong()),
        text(item, "digest"),
        text(item, "reason")));
    if (!table.isEmpty()) {
      table.print(terminal, "");
    }
  }

  private void versions(JsonNode versions) {
    versions.forEach(each -> terminal.print("%s v%s was in the engine when the server's process died, %s times: with isolation auto it runs in a process of its own".formatted(
        text(each, "model"), text(each, "version"), text(each, "crashes"))));
  }

  private ExitCode clear(JsonNode cleared) {
    if (output.isJson()) {
      return output.print(cleared);
    }
    terminal.print("cleared: " + text(cleared, "inputs") + " inputs, " + text(cleared, "versions") + " versions");
    if (cleared.path("versions").asInt() > 0) {
      terminal.say("a version runs in the server's process again when it is loaded next");
    }
    return ExitCode.GOOD;
  }
}
