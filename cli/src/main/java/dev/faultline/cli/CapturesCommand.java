package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline captures`: the requests that were kept, and one of them whole.
@Command(
    name = "captures",
    header = {"  faultline captures --kind fault --since 2h", "  faultline captures show cap_01JDA3X9M4Q8T2", ""},
    customSynopsis = "faultline captures [ls|show ID] [OPTIONS]",
    description = "list the requests that were kept, or show one whole")
final class CapturesCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;
  @Mixin private FilterOptions filter;

  @Parameters(index = "0", paramLabel = "ls|show", arity = "0..1", description = "ls, the default, or show.")
  private String verb = "ls";

  @Parameters(index = "1", paramLabel = "ID", arity = "0..1", description = "A capture (cap_...), or a fault (flt_...) whose capture is meant.")
  private String id = "";

  @Option(names = "--kind", paramLabel = "KIND", order = 15, description = "fault, suspicion, or baseline (a sample of what was served).")
  private String kind = "";

  CapturesCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
    this.filter = new FilterOptions();
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!Map.of("ls", id.isEmpty(), "show", !id.isEmpty()).getOrDefault(verb, false)) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline captures does not take '" + (verb + " " + id).strip() + "'").help("faultline captures ls, or faultline captures show ID"));
    }
    try (AdminClient client = server.open()) {
      return verb.equals("ls") ? list(client) : show(client);
    }
  }

  private ExitCode list(AdminClient client) throws CommandException {
    Map<String, String> query = new LinkedHashMap<>(filter.query());
    if (!kind.isEmpty()) {
      query.put("kind", kind.toUpperCase(Locale.ROOT));
    }
    ObjectNode list = client.list("captures", query, filter.limit());
    if (output.isJson()) {
      return output.print(list.put("schema", "faultline/captures.v1"));
    }
    var table = new Table("CAPTURE", "AT", "KIND", "MODEL", "V", "HTTP", "MS", "BYTES", "CODE");
    list.path("items").forEach(item -> table.row(
        text(item, "id"),
        text(item, "at"),
        text(item, "kind"),
        text(item.path("model"), "name"),
        text(item.path("model"), "version"),
        text(item, "http"),
        CaptureSheet.millis(item),
        text(item, "payload_bytes"),
        text(item.path("faults").path(0), "code")));
    if (table.isEmpty()) {
      terminal.print("no captures" + (query.isEmpty() ? "" : " match"));
      return ExitCode.GOOD;
    }
    table.print(terminal, "");
    terminal.say(list.path("truncated").asBoolean() ? "there are more: --limit " + 10 * filter.limit() : "faultline captures show CAPTURE shows one whole");
    return ExitCode.GOOD;
  }

  private ExitCode show(AdminClient client) throws CommandException {
    JsonNode capture = client.fetch("captures/" + captureId(client));
    if (output.isJson()) {
      return output.print(capture);
    }
    new CaptureSheet(terminal, capture).print();
    return ExitCode.GOOD;
  }

  private String captureId(AdminClient client) throws CommandException {
    if (!id.startsWith("flt_")) {
      return id;
    }
    String capture = text(client.fetch("faults/" + id).path("request"), "capture");
    if (capture.isEmpty()) {
      throw new CommandException(ExitCode.UNKNOWN, Complaint.of("the request of " + id + " was not kept").help("faultline explain " + id + " says what is known of it"));
    }
    return capture;
  }
}
