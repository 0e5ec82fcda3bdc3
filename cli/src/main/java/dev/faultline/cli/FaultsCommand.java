package dev.faultline.cli;

import static dev.faultline.cli.Members.text;
import static dev.faultline.cli.Members.texts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `faultline faults`: the groups of what went wrong, or with `--each` every fault and suspicion.
@Command(
    name = "faults",
    header = {"  faultline faults", "  faultline faults --each --code check.nonfinite --since 2h", ""},
    customSynopsis = "faultline faults [OPTIONS]",
    description = "list what went wrong, grouped")
final class FaultsCommand implements Subcommand {
  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;
  @Mixin private FilterOptions filter;

  @Option(names = "--each", order = 1, description = "Every fault and suspicion instead of groups.")
  private boolean each;

  @Option(names = "--group", paramLabel = "ID", order = 16, description = "Every fault and suspicion of this group, such as FL-1.")
  private String group = "";

  @Option(names = "--state", paramLabel = "STATE", order = 17, description = "Groups in this state: open, resolved, regressed.")
  private String state = "";

  FaultsCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
    this.filter = new FilterOptions();
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.open()) {
      return each || !group.isEmpty() ? faults(client) : groups(client);
    }
  }

  private ExitCode groups(AdminClient client) throws CommandException {
    ObjectNode list = client.list("groups", ofGroups(), filter.limit());
    if (output.isJson()) {
      return output.print(list.put("schema", "faultline/groups.v1"));
    }
    if (list.path("items").isEmpty()) {
      return none(client);
    }
    var table = new Table("GROUP", "STATE", "COUNT", "CODE", "BLAME", "MODEL", "VERSIONS", "FIELD", "NODE", "LAST SEEN");
    Instant now = Instant.now();
    list.path("items").forEach(item -> table.row(
        text(item, "id"),
        text(item, "state").toLowerCase(Locale.ROOT),
        text(item, "count"),
        text(item, "code") + (text(item, "suspicions").equals("0") ? "" : " (suspicion)"),
        text(item, "blame"),
        text(item, "model"),
        String.join(" ", texts(item.path("versions"))),
        text(item, "field"),
        text(item, "node"),
        Since.ago(Instant.parse(text(item, "last_seen")), now)));
    table.print(terminal, "");
    return more(list, "faultline explain GROUP says why");
  }

  private ExitCode faults(AdminClient client) throws CommandException {
    ObjectNode list = client.list("faults", query(), filter.limit());
    if (output.isJson()) {
      return output.print(list.put("schema", "faultline/faults.v1"));
    }
    if (list.path("items").isEmpty()) {
      return none(client);
    }
    var table = new Table("FAULT", "GROUP", "AT", "CODE", "MODEL", "V", "SUMMARY");
    list.path("items").forEach(item -> table.row(
        text(item, "id"),
        text(item, "group"),
        text(item, "occurred_at"),
        text(item, "code") + (item.path("suspicion").asBoolean() ? " (suspicion)" : ""),
        text(item.path("model"), "name"),
        text(item.path("model"), "version"),
        text(item, "summary")));
    table.print(terminal, "");
    return more(list, "faultline explain FAULT says why");
  }

  private Map<String, String> query() throws CommandException {
    var query = new LinkedHashMap<>(filter.query());
    if (!group.isEmpty()) {
      query.put("group", group);
    }
    return query;
  }

  private Map<String, String> ofGroups() throws CommandException {
    var query = new LinkedHashMap<>(filter.query());
    if (!state.isEmpty()) {
      query.put("state", state.toUpperCase(Locale.ROOT));
    }
    return query;
  }

  private ExitCode more(ObjectNode list, String next) {
    if (list.path("truncated").asBoolean()) {
      terminal.say("there are more: --limit " + 10 * filter.limit());
    }
    terminal.say(next);
    return ExitCode.GOOD;
  }

  private ExitCode none(AdminClient client) throws CommandException {
    var filters = new LinkedHashMap<>(query());
    filters.putAll(ofGroups());
    boolean filtered = !filters.isEmpty();
    terminal.print(filtered ? "no faults match" : "no faults" + served(client));
    if (filtered) {
      terminal.say("without " + String.join(", ", filters.keySet()) + ": faultline faults");
    }
    return ExitCode.GOOD;
  }

  /// So that silence is believable.
  private static String served(AdminClient client) throws CommandException {
    JsonNode status = client.fetch("status");
    return status.has("started_at") ? " since " + text(status, "started_at") : "";
  }
}
