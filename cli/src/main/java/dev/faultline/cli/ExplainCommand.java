package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
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

  @Option(names = "--deep", order = 1, description = "Investigate anew, even when a verdict is known.")
  private boolean deep;

  @Option(names = "--html", paramLabel = "FILE", order = 2, description = "Write the answer as a page of HTML too.")
  private String html = "";

  ExplainCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.open()) {
      var inquiry = new Inquiry(client, terminal);
      JsonNode fault = inquiry.fault(id);
      Optional<JsonNode> known = deep ? Optional.empty() : Inquiry.known(fault);
      boolean ask = known.isEmpty() && client.isServing();
      JsonNode verdict = ask ? inquiry.verdict(text(fault, "id")) : known.orElse(JsonNodeFactory.instance.missingNode());
      return show(fault, group(client, fault), verdict);
    }
  }

  private ExitCode show(JsonNode fault, JsonNode group, JsonNode verdict) throws CommandException {
    ExitCode exit = verdict.isObject() ? Inquiry.exit(verdict) : ExitCode.GOOD;
    if (!html.isEmpty()) {
      write(new AnswerPage(fault, verdict).html());
    }
    if (output.isJson() && verdict.isObject()) {
      terminal.print(verdict);
      return exit;
    }
    if (output.isJson()) {
      var document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/explanation.v1");
      document.set("fault", fault);
      document.set("group", group);
      return output.print(document);
    }
    new AnswerBlock(terminal, fault, group, verdict).print();
    return exit;
  }

  private static JsonNode group(AdminClient client, JsonNode fault) throws CommandException {
    return text(fault, "group").isEmpty() ? JsonNodeFactory.instance.objectNode() : client.fetch("groups/" + text(fault, "group"));
  }

  private void write(String page) throws CommandException {
    try {
      Files.writeString(Path.of(html), page);
      terminal.say("wrote " + html);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot write '" + html + "': " + e.getMessage()).at("--html " + html), e);
    }
  }
}
