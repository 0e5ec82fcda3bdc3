package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline replay`: kept requests run again, on the version they met or on another.
@Command(
    name = "replay",
    header = {"  faultline replay FL-1 --to 3", "  faultline replay --group all --to 3 --rtol 1e-4", ""},
    customSynopsis = "faultline replay FAULT|GROUP|CAPTURE|FILE [OPTIONS]",
    description = "run kept requests again: reproduced, fixed, newly failing?")
final class ReplayCommand implements Subcommand {
  private static final String ALL = "all";

  private final Terminal terminal;
  private final Surroundings surroundings;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "ID", arity = "0..1", description = "A fault (flt_...), a group (FL-...), a capture (cap_...), or a file with a V2 JSON request, which is sent to the data port.")
  private String id = "";

  @Option(names = "--group", paramLabel = "G", order = 1, description = "All kept requests of this group; all: every one that is kept, served ones too.")
  private String group = "";

  @Option(names = "--to", paramLabel = "VERSION", order = 2, description = "Run them on this version. Default: the one that each met.")
  private String to = "";

  @Option(names = "--model", paramLabel = "NAME", order = 3, description = "With --group all or a file: this model.")
  private String model = "";

  @Option(names = "--rtol", paramLabel = "X", order = 4, description = "Outputs may differ by this share. Default: 1e-5.")
  private double rtol = 1e-5;

  @Option(names = "--atol", paramLabel = "X", order = 5, description = "Outputs may differ by this much. Default: 1e-8.")
  private double atol = 1e-8;

  @Option(names = "--limit", paramLabel = "N", order = 6, description = "At most so many requests, the newest. Default: 1000.")
  private int limit = 1_000;

  ReplayCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (id.isEmpty() == group.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of(id.isEmpty() ? "nothing to replay" : "'" + id + "' and --group " + group + " are two things").help("faultline replay FL-1, or faultline replay --group all"));
    }
    try (AdminClient client = server.openRunning()) {
      return isFile() ? new FileReplay(client, terminal).run(file(), model, version(), output.isJson()) : replay(client);
    }
  }

  private ExitCode replay(AdminClient client) throws CommandException {
    JsonNode replay = new ReplayWatch(client, terminal).ended(client.post("replays", asked()));
    if (!text(replay, "state").equals("DONE")) {
      throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("the replay " + text(replay, "state").toLowerCase(java.util.Locale.ROOT) + ": " + text(replay, "error")));
    }
    var report = new ReplayReport(terminal, replay);
    if (output.isJson()) {
      terminal.print(replay);
    } else {
      report.print();
    }
    return report.exit();
  }

  private ObjectNode asked() throws CommandException {
    ObjectNode asked = JsonNodeFactory.instance.objectNode();
    String what = group.isEmpty() ? id : group;
    if (what.equals(ALL)) {
      asked.put("all", true);
    } else {
      asked.put(scope(what), what);
    }
    if (!model.isEmpty()) {
      asked.put("model", model);
    }
    if (!to.isEmpty()) {
      asked.put("to", version());
    }
    return asked.put("rtol", rtol).put("atol", atol).put("limit", limit);
  }

  private static String scope(String id) throws CommandException {
    if (id.startsWith("FL-")) {
      return "group";
    }
    if (id.startsWith("cap_")) {
      return "capture";
    }
    if (id.startsWith("flt_")) {
      return "fault";
    }
    throw new CommandException(ExitCode.USAGE, Complaint.of("'" + id + "' is no id and no file").help("faultline faults lists groups, faultline captures requests").help("a file holds one V2 JSON request"));
  }

  /// People write v8 for version 8.
  private String version() {
    return to.matches("v[0-9]+") ? to.substring(1) : to;
  }

  private boolean isFile() {
    return !id.isEmpty() && Files.isRegularFile(file());
  }

  private Path file() {
    return surroundings.workingDir().resolve(id);
  }
}
