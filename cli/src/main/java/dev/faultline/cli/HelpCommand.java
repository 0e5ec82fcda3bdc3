package dev.faultline.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.NearestName;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `faultline help CODE`: the page of a fault code, offline. Also the help of a command.
@Command(
    name = "help",
    header = {"  faultline help validate.range", "  faultline help serve", ""},
    customSynopsis = "faultline help [CODE|COMMAND] [OPTIONS]",
    description = "explain a fault code, or a command")
final class HelpCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Spec @SuppressWarnings("NullAway.Init") private CommandSpec spec; // picocli sets it before it runs the command

  @Parameters(paramLabel = "CODE|COMMAND", arity = "0..1", description = "A fault code, such as check.nonfinite. Without: all codes.")
  private String topic = "";

  HelpCommand(Terminal terminal) {
    this.terminal = terminal;
    this.output = new Output(terminal);
  }

  @Override
  public ExitCode run() throws CommandException {
    CommandLine command = spec.root().subcommands().get(topic);
    if (topic.isEmpty()) {
      return list();
    }
    if (command != null) {
      command.usage(terminal.outWriter());
      return ExitCode.GOOD;
    }
    return page(FaultPages.find(topic).orElseThrow(() -> new CommandException(ExitCode.UNKNOWN, unknown())));
  }

  private ExitCode list() {
    if (output.isJson()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/codes.v1");
      FaultPages.codes().forEach(document.putArray("codes")::add);
      return output.print(document);
    }
    for (FaultCode code : FaultCode.values()) {
      terminal.print("%-30s %s".formatted(code.label(), code.title()));
    }
    FaultPages.LOAD_CODES.forEach(code -> terminal.print("%-30s %s".formatted(code, "A model version does not load")));
    return ExitCode.GOOD;
  }

  private ExitCode page(String page) {
    if (output.isJson()) {
      ObjectNode document = JsonNodeFactory.instance.objectNode().put("schema", "faultline/help.v1").put("code", topic);
      FaultCode.find(topic).ifPresent(code -> document
          .put("stage", code.stage().name())
          .put("blame", code.defaultBlame().name())
          .put("http", code.httpStatus(code.defaultBlame()))
          .put("grpc", code.grpcStatus(code.defaultBlame()))
          .put("title", code.title()));
      return output.print(document.put("page", page));
    }
    page.lines().forEach(line -> terminal.print(line.startsWith("#") ? terminal.out(Style.BOLD, line) : line));
    return ExitCode.GOOD;
  }

  private Complaint unknown() {
    var known = Stream.concat(FaultPages.codes().stream(), spec.root().subcommands().keySet().stream()).toList();
    Complaint complaint = Complaint.of("there is no fault code and no command '" + topic + "'").at("faultline help " + topic);
    return NearestName.of(topic, known)
        .map(near -> complaint.help("did you mean faultline help " + near + "?"))
        .orElse(complaint)
        .help("faultline help lists all codes");
  }
}
