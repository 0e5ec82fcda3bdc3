package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline models`: which versions there are, whether they answer and why not, what they are called; and changing that.
@Command(
    name = "models",
    header = {"  faultline models", "  faultline models promote birdstrike-damage 3", ""},
    customSynopsis = {
      "faultline models [ls | show MODEL | audit [MODEL]] [OPTIONS]",
      "       faultline models label MODEL LABEL VERSION | default MODEL VERSION",
      "       faultline models promote MODEL VERSION | rollback MODEL",
      "       faultline models load MODEL VERSION | unload MODEL VERSION"
    },
    description = "list models and versions, show one, change which one answers")
final class ModelsCommand implements Subcommand {
  private static final int AUDIT_MAX = 1_000;
  private static final List<String> VERBS = List.of("label", "default", "promote", "rollback", "load", "unload");
  /// How many names each verb wants behind the model.
  private static final Map<String, Integer> WORDS = Map.of("ls", 0, "show", 0, "audit", 0, "rollback", 0, "default", 1, "promote", 1, "load", 1, "unload", 1, "label", 2);

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Mixin private Consent consent;

  @Parameters(index = "0", paramLabel = "VERB", arity = "0..1", description = "ls, the default, or another of the above.")
  private String verb = "ls";

  @Parameters(index = "1", paramLabel = "MODEL", arity = "0..1", description = "The model.")
  private String model = "";

  @Parameters(index = "2..*", paramLabel = "NAME", arity = "0..2", description = "A label, a version. A label may stand for a version.")
  private List<String> names = new ArrayList<>();

  @Option(names = "--version", paramLabel = "V", order = 1, description = "The version, where it is not given behind the model.")
  private String version = "";

  @Option(names = "--remove", order = 2, description = "Take a label, or the default, away.")
  private boolean remove;

  ModelsCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
    this.consent = new Consent(terminal);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (!version.isEmpty()) {
      names.add(version);
    }
    requireFit();
    try (AdminClient client = server.openRunning()) {
      return VERBS.contains(verb) ? change(new ModelChanges(client, terminal, output, consent)) : verb.equals("audit") ? audit(client) : look(client);
    }
  }

  private void requireFit() throws CommandException {
    int wanted = remove ? WORDS.getOrDefault(verb, 0) - 1 : WORDS.getOrDefault(verb, -1);
    boolean modelFits = verb.equals("ls") ? model.isEmpty() : verb.equals("audit") || !model.isEmpty();
    boolean removes = !remove || verb.equals("label") || verb.equals("default");
    if (wanted != names.size() || !modelFits || !removes) {
      String given = (verb + " " + model + " " + String.join(" ", names)).strip();
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline models does not take '" + given + "'" + (remove ? " with --remove" : ""))
          .help("faultline models ls, show MODEL, audit [MODEL], label MODEL LABEL VERSION, default|promote|load|unload MODEL VERSION, rollback MODEL"));
    }
  }

  private ExitCode change(ModelChanges changes) throws CommandException {
    return switch (verb) {
      case "label" -> remove ? changes.removeLabel(model, names.get(0)) : changes.label(model, names.get(0), names.get(1));
      case "default" -> remove ? changes.removeDefault(model) : changes.setDefault(model, names.get(0));
      case "promote" -> changes.promote(model, names.get(0));
      case "rollback" -> changes.rollBack(model);
      case "load" -> changes.load(model, names.get(0));
      default -> changes.unload(model, names.get(0));
    };
  }

  private ExitCode audit(AdminClient client) throws CommandException {
    ObjectNode list = client.list("audit", model.isEmpty() ? Map.of() : Map.of("model", model), AUDIT_MAX);
    if (output.isJson()) {
      return output.print(list.put("schema", "faultline/audit-list.v1"));
    }
    var table = new Table("AT", "WHO", "FROM", "ACTION", "WHAT");
    list.path("items").forEach(item -> table.row(text(item, "at"), text(item, "actor"), text(item, "address"), text(item, "action"), text(item, "what")));
    if (table.isEmpty()) {
      terminal.print("nothing was changed yet");
    } else {
      table.print(terminal, "");
    }
    return ExitCode.GOOD;
  }

  private ExitCode look(AdminClient client) throws CommandException {
    JsonNode items = client.fetch("models", model.isEmpty() ? Map.of() : Map.of("model", model)).path("items");
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("schema", "faultline/models.v1");
    list.set("items", items);
    return verb.equals("ls") ? list(list) : show(list);
  }

  private ExitCode list(ObjectNode list) {
    if (output.isJson()) {
      return output.print(list);
    }
    var table = new Table("MODEL", "V", "STATE", "CALLED", "RUNS", "CODE", "PATH", "REASON");
    list.path("items").forEach(item -> table.row(text(item, "name"), text(item, "version"), text(item, "state"), called(item), runs(item), text(item, "code"), text(item, "path"), text(item, "reason")));
    if (table.isEmpty()) {
      terminal.print("no models");
      terminal.say("faultline serve DIR loads a folder of them");
      return ExitCode.GOOD;
    }
    table.print(terminal, "");
    return ExitCode.GOOD;
  }

  /// Its labels, and whether it answers who names no version.
  private static String called(JsonNode version) {
    String labels = String.join(",", texts(version.path("labels")));
    return version.path("default").asBoolean() ? (labels.isEmpty() ? "*" : labels + " *") : labels;
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
    line("called", called(version).replace("*", "(answers unpinned requests)"));
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
