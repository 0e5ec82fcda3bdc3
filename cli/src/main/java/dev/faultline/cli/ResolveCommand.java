package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline resolve`: says that a group's fault is gone, so that it is told when it comes back.
@Command(
    name = "resolve",
    header = {"  faultline resolve FL-1 --in 3", "  faultline resolve FL-1 --reopen", ""},
    customSynopsis = "faultline resolve GROUP [OPTIONS]",
    description = "say that a group is gone since a version, or open again")
final class ResolveCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "GROUP", arity = "1", description = "A group (FL-...), as faultline faults lists them.")
  private String id = "";

  @Option(names = "--in", paramLabel = "VERSION", order = 1, description = "Gone from this version on: a fault of an older one says nothing against it. Default: the model's newest.")
  private String version = "";

  @Option(names = "--reopen", order = 2, description = "Take back that it is gone.")
  private boolean reopen;

  ResolveCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!id.matches("[A-Za-z0-9_-]+")) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + id + "' is no group").help("faultline faults lists groups"));
    }
    if (reopen && !version.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("--reopen takes no version").at("--in " + version));
    }
    try (AdminClient client = server.open()) {
      ObjectNode asked = JsonNodeFactory.instance.objectNode();
      JsonNode group = client.post("groups/" + id + (reopen ? "/reopen" : "/resolve"), version.isEmpty() ? asked : asked.put("version", version));
      if (output.isJson()) {
        return output.print(group);
      }
      terminal.print(id + " is " + GroupLines.state(group) + ": " + text(group, "summary"));
      return ExitCode.GOOD;
    }
  }
}
