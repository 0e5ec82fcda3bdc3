package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline rollout`: begins a canary or a shadow, says where it stands and why, and ends it.
@Command(
    name = "rollout",
    header = {"  faultline rollout start birdstrike-damage --candidate 3", "  faultline rollout status birdstrike-damage", ""},
    customSynopsis = {
      "faultline rollout start MODEL --candidate V [OPTIONS]",
      "       faultline rollout status|report|promote|abort MODEL|ID",
      "       faultline rollout weight MODEL|ID PERCENT"
    },
    description = "release in stages, judged: canary or shadow, status, promote, abort")
final class RolloutCommand implements Subcommand {
  private static final List<String> VERBS = List.of("start", "status", "report", "weight", "promote", "abort");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;
  @Mixin private Consent consent;

  @Parameters(index = "0", paramLabel = "VERB", arity = "0..1", description = "One of the above.")
  private String verb = "";

  @Parameters(index = "1", paramLabel = "MODEL|ID", arity = "0..1", description = "A model, whose latest rollout is meant, or rol_...")
  private String subject = "";

  @Parameters(index = "2", paramLabel = "PERCENT", arity = "0..1", description = "The candidate's weight.")
  private String percent = "";

  @Option(names = "--candidate", paramLabel = "V", order = 1, description = "The version on trial, or a label of it.")
  private String candidate = "";

  @Option(names = "--baseline", paramLabel = "V", order = 2, description = "What it is compared with. Default: the version in charge.")
  private String baseline = "";

  @Option(names = "--steps", paramLabel = "LIST", order = 3, description = "Percent of unpinned requests. Default: 1,5,25,50,100.")
  private String steps = "";

  @Option(names = "--key", paramLabel = "HEADER", order = 4, description = "Keeps callers with one value of it on one side.")
  private String key = "";

  @Option(names = "--shadow", paramLabel = "SHARE", order = 5, description = "Mirror so many requests first, such as 10%%.")
  private String shadow = "";

  @Option(names = "--min-requests", paramLabel = "N", order = 6, description = "Of the candidate, before it may pass. Default: 500.")
  private String minRequests = "";

  @Option(names = "--min-minutes", paramLabel = "M", order = 7, description = "Before it may pass. Default: 10.")
  private String minMinutes = "";

  @Option(names = "--max-minutes", paramLabel = "M", order = 8, description = "After which it is inconclusive. Default: 120.")
  private String maxMinutes = "";

  RolloutCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
    this.consent = new Consent(terminal);
  }

  @Override
  public ExitCode run() throws CommandException {
    boolean weighs = verb.equals("weight");
    if (!VERBS.contains(verb) || subject.isEmpty() || weighs == percent.isEmpty() || verb.equals("start") == candidate.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("faultline rollout does not take '" + (verb + " " + subject + " " + percent).strip() + "'" + (candidate.isEmpty() ? "" : " with --candidate"))
          .help("faultline rollout start MODEL --candidate V; status|report|promote|abort MODEL|ID; weight MODEL|ID PERCENT"));
    }
    ObjectNode plan = verb.equals("start") ? plan() : NODES.objectNode();
    ObjectNode weight = weighs ? NODES.objectNode().put("weight", number("PERCENT", percent)) : NODES.objectNode();
    try (AdminClient client = server.openRunning()) {
      return switch (verb) {
        case "start" -> start(client, plan);
        case "status" -> status(rollout(client));
        case "report" -> report(rollout(client));
        case "weight" -> command(client, weight, "give " + percent + " % of the unpinned requests to the candidate of " + subject);
        default -> command(client, NODES.objectNode(), verb + " the rollout of " + subject);
      };
    }
  }

  private ExitCode start(AdminClient client, ObjectNode plan) throws CommandException {
    if (consent.isDryRun()) {
      terminal.print("would start " + plan);
      return ExitCode.GOOD;
    }
    JsonNode rollout = client.post("rollouts", plan);
    if (output.isJson()) {
      return output.print(rollout);
    }
    headline(rollout);
    terminal.say("faultline rollout status " + text(rollout, "id") + " says how it goes");
    return ExitCode.GOOD;
  }

  private ExitCode command(AdminClient client, ObjectNode body, String deed) throws CommandException {
    JsonNode rollout = rollout(client);
    if (!consent.isGiven(deed)) {
      return ExitCode.GOOD;
    }
    JsonNode now = client.post("rollouts/" + text(rollout, "id") + "/" + verb, body);
    if (output.isJson()) {
      return output.print(now);
    }
    headline(now);
    return ExitCode.GOOD;
  }

  private ExitCode status(JsonNode rollout) {
    if (output.isJson()) {
      output.print(rollout);
      return exit(rollout);
    }
    headline(rollout);
    JsonNode requests = rollout.path("requests");
    terminal.print("  requests   %s of the baseline, %s of the candidate".formatted(text(requests, "baseline"), text(requests, "candidate")));
    JsonNode seen = rollout.path("comparisons");
    if (seen.path("total").asLong() + seen.path("shed").asLong() > 0) {
      terminal.print("  mirrored   %s, %s different, %s failed, %s shed; noise floor %s".formatted(
          text(seen, "total"), text(seen, "different"), text(seen, "failed"), text(seen, "shed"), text(seen, "noise_floor")));
    }
    texts(rollout.path("judgement").path("reasons")).forEach(reason -> terminal.print("  because    " + reason));
    rollout.path("judgement").path("streams").forEach(this::stream);
    if (!rollout.path("report").isEmpty()) {
      terminal.say("faultline rollout report " + text(rollout, "id") + " says which requests, and why");
    }
    return exit(rollout);
  }

  private void stream(JsonNode stream) {
    JsonNode interval = stream.path("interval");
    terminal.print("  %-32s evidence %-10s estimate %-8s [%s, %s]".formatted(
        text(stream, "name"), shortened(stream.path("e_value")), shortened(stream.path("estimate")), shortened(interval.path(0)), shortened(interval.path(1))).stripTrailing());
  }

  private static String shortened(JsonNode number) {
    return number.isNumber() ? String.format(Locale.ROOT, "%.3g", number.asDouble()) : "?";
  }

  private ExitCode report(JsonNode rollout) {
    if (output.isJson()) {
      return output.print(NODES.objectNode().put("schema", "faultline/rollout-report.v1").put("id", text(rollout, "id")).set("report", rollout.path("report")));
    }
    headline(rollout);
    if (rollout.path("report").isEmpty()) {
      terminal.print("  nothing separates requests on which the candidate differs or fails from the others, so far");
    }
    rollout.path("report").forEach(this::entry);
    return ExitCode.GOOD;
  }

  private void entry(JsonNode entry) {
    terminal.print("  " + text(entry, "summary"));
    entry.path("conditions").forEach(each -> terminal.print("    when     " + text(each, "dimension") + " " + text(each, "operator") + " " + each.path("value").asText()));
    entry.path("fields").forEach(each -> terminal.print("    field    " + (each.isTextual() ? each.asText() : text(each, "path"))));
    if (!text(entry, "step").isEmpty()) {
      terminal.print("    step     " + text(entry, "step"));
    }
    if (entry.path("node").isObject()) {
      terminal.print("    node     " + text(entry.path("node"), "name") + " (" + text(entry.path("node"), "op") + ")");
    }
    if (entry.path("initializer").isObject()) {
      JsonNode initializer = entry.path("initializer");
      terminal.print("    constant " + text(initializer, "name") + text(initializer, "slice") + ": " + text(initializer, "good") + " -> " + text(initializer, "bad"));
    }
    if (!text(entry, "group").isEmpty()) {
      terminal.print("    more     faultline explain " + text(entry, "group"));
    }
  }

  private void headline(JsonNode rollout) {
    terminal.print(terminal.out(Style.BOLD, text(rollout, "id")) + "  %s %s beside %s  %s at %s %%  verdict %s".formatted(
        text(rollout, "model"), text(rollout, "candidate"), text(rollout, "baseline"), text(rollout, "state"), text(rollout, "weight"), text(rollout.path("judgement"), "verdict")));
    if (!text(rollout, "reason").isEmpty()) {
      terminal.print("  " + text(rollout, "reason"));
    }
  }

  /// How a look at a rollout ends.
  private static ExitCode exit(JsonNode rollout) {
    return switch (text(rollout.path("judgement"), "verdict")) {
      case "FAIL" -> ExitCode.BAD;
      case "PASS" -> ExitCode.GOOD;
      default -> text(rollout, "state").equals("PROMOTED") ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
    };
  }

  private JsonNode rollout(AdminClient client) throws CommandException {
    if (subject.startsWith("rol_")) {
      return client.fetch("rollouts/" + ModelChanges.encoded(subject));
    }
    JsonNode latest = client.fetch("rollouts", Map.of("model", subject, "limit", "1")).path("items").path(0);
    if (latest.isMissingNode()) {
      throw new CommandException(ExitCode.UNKNOWN, Complaint.of("there is no rollout of '" + subject + "'").help("start one: faultline rollout start " + subject + " --candidate VERSION"));
    }
    return latest;
  }

  private ObjectNode plan() throws CommandException {
    ObjectNode plan = NODES.objectNode().put("model", subject).put("candidate", candidate);
    put(plan, "baseline", baseline);
    put(plan, "key", key);
    if (!steps.isEmpty()) {
      ArrayNode list = plan.putArray("steps");
      for (String step : steps.split(",", -1)) {
        list.add(number("--steps", step.strip()));
      }
    }
    if (!shadow.isEmpty()) {
      plan.put("shadow", shadow.endsWith("%") ? number("--shadow", shadow.substring(0, shadow.length() - 1)) / 100 : number("--shadow", shadow));
    }
    if (!minRequests.isEmpty()) {
      plan.put("min_requests", (long) number("--min-requests", minRequests));
    }
    if (!minMinutes.isEmpty()) {
      plan.put("min_minutes", number("--min-minutes", minMinutes));
    }
    if (!maxMinutes.isEmpty()) {
      plan.put("max_minutes", number("--max-minutes", maxMinutes));
    }
    return plan;
  }

  private static void put(ObjectNode plan, String name, String value) {
    if (!value.isEmpty()) {
      plan.put(name, value);
    }
  }

  private static double number(String option, String given) throws CommandException {
    if (!given.matches("\\d{1,9}(\\.\\d{1,9})?")) {
      throw new CommandException(ExitCode.USAGE, Complaint.of(option + " is '" + given + "' (expected: a number)"));
    }
    return Double.parseDouble(given);
  }
}
