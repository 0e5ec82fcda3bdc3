package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline bisect`: where a fault begins: at which version, value of the input, graph node, or level of optimisation.
@Command(
    name = "bisect",
    header = {"  faultline bisect FL-1", "  faultline bisect flt_01JDA3X9M4Q8T2 --over ort", ""},
    customSynopsis = "faultline bisect FAULT|GROUP|CAPTURE [OPTIONS]",
    description = "first bad version, value, graph node, or optimiser level")
final class BisectCommand implements Subcommand {

  /// What is searched.
  enum Over {
    VERSIONS,
    INPUT,
    NODE,
    ORT
  }

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", arity = "1", description = "A fault (flt_...), a group (FL-...) or a capture (cap_...).")
  private String id = "";

  @Option(
      names = "--over",
      paramLabel = "WHAT",
      order = 1,
      description = "versions: the first bad one; input: values and their boundary; node: the graph node to blame; ort: the level of ONNX Runtime's optimisation, and the rewriting. Default: versions.")
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
      JsonNode found = inquiry.bisection(text(inquiry.fault(id), "id"), over.name().toLowerCase(Locale.ROOT));
      if (output.isJson()) {
        terminal.print(found);
      } else {
        new BisectionBlock(terminal, found).print();
      }
      return found.path("conclusive").asBoolean() ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
    }
  }
}
