package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline bisect`: the first bad version, the input's boundary, or the graph node.
@Command(
    name = "bisect",
    header = {"  faultline bisect FL-1", "  faultline bisect flt_01JDA3X9M4Q8T2 --over input", ""},
    customSynopsis = "faultline bisect FAULT|GROUP|CAPTURE [OPTIONS]",
    description = "first bad version, boundary of the input, or graph node")
final class BisectCommand implements Subcommand {

  /// What is searched.
  enum Over {
    VERSIONS,
    INPUT,
    NODE
  }

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", arity = "1", description = "A fault (flt_...), a group (FL-...) or a capture (cap_...).")
  private String id = "";

  @Option(names = "--over", paramLabel = "WHAT", order = 1, description = "versions, input or node. Default: versions.")
  private Over over = Over.VERSIONS;

  BisectCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.openRunning()) {
      var inquiry = new Inquiry(client, terminal);
      JsonNode verdict = inquiry.verdict(text(inquiry.fault(id), "id"));
      String found = found(verdict);
      if (output.isJson()) {
        terminal.print(document(verdict));
      } else {
        terminal.print(found.isEmpty() ? nothing(verdict) : found);
      }
      return found.isEmpty() ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
    }
  }

  private String found(JsonNode verdict) {
    var lines = new VerdictLines(verdict);
    return switch (over) {
      case VERSIONS -> lines.since();
      case INPUT -> String.join("\n", lines.fields());
      case NODE -> lines.node();
    };
  }

  private String nothing(JsonNode verdict) {
    return switch (over) {
      case VERSIONS -> "no version is known to be the first bad one";
      case INPUT -> "no value of the input makes the difference";
      case NODE -> "no graph node is to blame";
    } + ": " + text(verdict, "summary");
  }

  private ObjectNode document(JsonNode verdict) {
    ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/bisection.v1").put("fault", text(verdict, "fault"));
    document.set("model", verdict.path("model"));
    document.set("fields", verdict.path("fields"));
    document.set("node", verdict.path("node"));
    document.set("initializer", verdict.path("initializer"));
    return document.put("replays", verdict.path("replays").asInt());
  }
}
