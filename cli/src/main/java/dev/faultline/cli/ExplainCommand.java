package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `faultline explain`: why one prediction failed or is suspicious.
@Command(
    name = "explain",
    header = {"  faultline explain FL-1", "  faultline explain flt_01JDA3X9M4Q8T2 --json", ""},
    customSynopsis = "faultline explain FAULT|GROUP|CAPTURE [OPTIONS]",
    description = "say why: stage, version, field, node, evidence, mend")
final class ExplainCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", arity = "1", description = "A fault (flt_...), a group (FL-...), whose latest fault is taken, or a capture (cap_...).")
  private String id = "";

  ExplainCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.open()) {
      JsonNode fault = fault(client);
      JsonNode group = text(fault, "group").isEmpty() ? JsonNodeFactory.instance.objectNode() : client.fetch("groups/" + text(fault, "group"));
      if (output.isJson()) {
        var document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/explanation.v1");
        document.set("fault", fault);
        document.set("group", group);
        return output.print(document);
      }
      new AnswerBlock(terminal, fault, group).print();
      return ExitCode.GOOD;
    }
  }

  private JsonNode fault(AdminClient client) throws CommandException {
    return client.fetch("faults/" + faultId(client));
  }

  private String faultId(AdminClient client) throws CommandException {
    if (id.startsWith("FL-")) {
      return first(texts(client.fetch("groups/" + id).path("faults")));
    }
    if (id.startsWith("cap_")) {
      JsonNode fault = client.fetch("captures/" + id).path("faults").path(0);
      return first(fault.isMissingNode() ? List.of() : List.of(text(fault, "id")));
    }
    if (!id.matches("[A-Za-z0-9_-]+")) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + id + "' is no id").at("faultline explain " + id).help("faultline faults lists groups, faultline faults --each faults"));
    }
    return id;
  }

  private String first(List<String> faults) throws CommandException {
    return faults.stream().findFirst().orElseThrow(() -> new CommandException(
        ExitCode.UNKNOWN, Complaint.of("nothing went wrong in " + id).help("faultline faults --each lists what did go wrong")));
  }
}
