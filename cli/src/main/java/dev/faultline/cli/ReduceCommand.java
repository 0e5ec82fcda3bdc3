package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline reduce`: the smallest request that still fails.
@Command(
    name = "reduce",
    header = {"  faultline reduce FL-1", "  faultline reduce flt_01JDA3X9M4Q8T2 --as junit > ReproductionTest.java", ""},
    customSynopsis = "faultline reduce FAULT|GROUP|CAPTURE [OPTIONS]",
    description = "the smallest change from a passing request that still fails")
final class ReduceCommand implements Subcommand {

  /// In which form the request is printed.
  enum Form {
    TEXT,
    REQUEST,
    CURL,
    JUNIT,
    TEST
  }

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", arity = "1", description = "A fault (flt_...), a group (FL-...) or a capture (cap_...).")
  private String id = "";

  @Option(names = "--as", paramLabel = "FORM", order = 1, description = "text, request (the JSON alone), curl, junit (a test against a server), or test (one with faultline-junit, without a server). Default: text.")
  private Form form = Form.TEXT;

  ReduceCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.openRunning()) {
      var inquiry = new Inquiry(client, terminal);
      JsonNode fault = inquiry.fault(id);
      JsonNode verdict = inquiry.verdict(text(fault, "id"));
      JsonNode reproduction = verdict.path("reproduction");
      if (!reproduction.isObject()) {
        terminal.say("the request could not be reduced: " + text(verdict, "summary"));
        return ExitCode.INCONCLUSIVE;
      }
      if (output.isJson()) {
        return output.print(((ObjectNode) reproduction).put("schema", "faultline/reduction.v1").set("fields", verdict.path("fields")));
      }
      print(fault, verdict, reproduction);
      return ExitCode.GOOD;
    }
  }

  private void print(JsonNode fault, JsonNode verdict, JsonNode reproduction) {
    switch (form) {
      case TEXT -> {
        terminal.print("%s of %s values reduced to %s in %s".formatted(
            text(fault, "id"), text(reproduction, "fields_total"), text(reproduction, "fields_kept"), new VerdictLines(verdict).cost()));
        new VerdictLines(verdict).fields().forEach(line -> terminal.print("  " + line));
        terminal.print("");
        terminal.print(text(reproduction, "curl"));
      }
      case REQUEST -> terminal.print(reproduction.path("request"));
      case CURL -> terminal.print(text(reproduction, "curl"));
      case JUNIT -> terminal.print(new ReproductionTest(fault, verdict).source());
      case TEST -> terminal.print(new ReproductionTest(fault, verdict).sourceWithoutServer());
    }
  }
}
