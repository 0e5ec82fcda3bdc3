package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `faultline models`: which versions there are, whether they answer, and why not.
@Command(
    name = "models",
    header = {"  faultline models", "  faultline models show birdstrike-damage", ""},
    customSynopsis = "faultline models [ls|show MODEL] [OPTIONS]",
    description = "list models and versions with their state, or show one")
final class ModelsCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(index = "0", paramLabel = "ls|show", arity = "0..1", description = "ls, the default, or show.")
  private String verb = "ls";

  @Parameters(index = "1", paramLabel = "MODEL", arity = "0..1", description = "The model to show.")
  private String model = "";

  ModelsCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!Map.of("ls", model.isEmpty(), "show", !model.isEmpty()).getOrDefault(verb, false)) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline models does not take '" + (verb + " " + model).strip() + "'").help("faultline models ls, or faultline models show MODEL"));
    }
    try (AdminClient client = server.openRunning()) {
      JsonNode items = client.fetch("models", model.isEmpty() ? Map.of() : Map.of("model", model)).path("items");
      ObjectNode list = JsonNodeFactory.instance.objectNode().put("schema", "faultline/models.v1");
      list.set("items", items);
      return verb.equals("ls") ? list(list) : show(list);
    }
  }

  private ExitCode list(ObjectNode list) {
    if (output.isJson()) {
      return output.print(list);
    }
    var table = new Table("MODEL", "V", "STATE", "RUNS", "CODE", "PATH", "REASON");
    list.path("items").forEach(item -> table.row(text(item, "name"), text(item, "version"), text(item, "state"), runs(item), text(item, "code"), text(item, "path"), text(item, "reason")));
    if (table.isEmpty()) {
      terminal.print("no models");
      terminal.say("faultline serve DIR loads a folder of them");
      return ExitCode.GOOD;
    }
    table.print(terminal, "");
    return ExitCode.GOOD;
  }

  private ExitCode show(ObjectNode list) throws CommandException {
    if (list.path("items").isEmpty()) {
      throw new CommandException(ExitCode.UNKNOWN, Complaint.of("there is no model '" + model + "'").at("faultline models show " + model).help("faultline models lists them"));
    }
    if (output.isJson()) {
      return output.print(list);
    }
    list.path("items").forEach(this::print);
    return ExitCode.GOOD;
  }

  private void print(JsonNode version) {
    terminal.print(terminal.out(Style.BOLD, text(version, "name") + " v" + text(version, "version")) + "  " + text(version, "state"));
    line("reason", text(version, "reason"));
    line("runs", place(version.path("isolation")));
    line("layout", text(version, "layout"));
    line("path", text(version, "path"));
    line("digest", text(version, "digest"));
    line("contract", String.join(" + ", texts(version.path("contract").path("sources"))));
    version.path("contract").path("inputs").forEach(each -> line("input", tensor(each)));
    version.path("contract").path("outputs").forEach(each -> line("output", tensor(each)));
    texts(version.path("contract").path("rules")).forEach(each -> line("rule", each));
    texts(version.path("contract").path("expectations")).forEach(each -> line("promise", each));
    line("lanes", lanes(version));
    line("batching", batching(version.path("batching")));
    texts(version.path("warnings")).forEach(each -> line("warning", each));
    line("help", text(version, "code").isEmpty() ? "" : "faultline help " + text(version, "code"));
  }

  private static String runs(JsonNode version) {
    JsonNode isolation = version.path("isolation");
    String worker = text(isolation.path("worker"), "state");
    return text(isolation, "runs").replace('_', ' ') + (worker.isEmpty() || worker.equals("RUNNING") ? "" : " " + worker);
  }

  private static String place(JsonNode isolation) {
    if (isolation.isMissingNode()) {
      return "";
    }
    JsonNode worker = isolation.path("worker");
    String died = text(worker, "last_death").isEmpty() ? "" : "; its process last died at " + text(worker, "last_death_at") + ": " + text(worker, "last_death");
    String process = worker.isMissingNode() ? "in the server's process" : "in a process of its own (" + text(worker, "state") + ", pid " + text(worker, "pid") + ", " + text(worker, "restarts") + " restarts)";
    return process + ": " + text(isolation, "reason") + died;
  }

  private static String lanes(JsonNode version) {
    return version.has("running")
        ? "%s of %s running, %s lost, %s requests waiting".formatted(text(version, "running"), text(version.path("limits"), "instances"), text(version, "lost"), text(version, "waiting"))
        : "";
  }

  private static String batching(JsonNode batching) {
    return switch (text(batching, "state")) {
      case "on" -> "on, at most %s rows; %s batches, %s innocents saved".formatted(text(batching, "max_size_now"), text(batching, "batches"), text(batching, "innocents_saved"));
      case "refused" -> "refused: " + text(batching, "reason");
      default -> "";
    };
  }

  private static String tensor(JsonNode tensor) {
    return "%-20s %-6s %s %s".formatted(text(tensor, "name"), text(tensor, "datatype"), tensor.path("shape"), String.join(" ", texts(tensor.path("columns")))).stripTrailing();
  }

  private void line(String label, String text) {
    if (!text.isEmpty()) {
      terminal.print("  %-9s %s".formatted(label, text));
    }
  }
}
