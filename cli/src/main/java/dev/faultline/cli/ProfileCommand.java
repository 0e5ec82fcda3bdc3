package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline profile`: where a running model's time or memory goes.
@Command(
    name = "profile",
    header = {"  faultline profile credit-risk -o graph.html", "  faultline profile credit-risk --nodes --against 6", ""},
    customSynopsis = "faultline profile [MODEL] [OPTIONS]",
    description = "where time or memory goes: stages, steps, methods, nodes")
final class ProfileCommand implements Subcommand {
  private static final long STEP_MILLIS = 200;

  /// As the admin API calls them.
  enum Event {
    CPU,
    ALLOC,
    LIVE,
    WALL,
    LOCK
  }

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "MODEL", arity = "0..1", description = "The model. Default: the whole server.")
  private String model = "";

  @Option(names = "--version", paramLabel = "V", order = 1, description = "Only this version of it.")
  private String version = "";

  @Option(names = "--seconds", paramLabel = "N", order = 2, description = "How long, 1 to 300. Default: 10.")
  private int seconds = 10;

  @Option(names = "--event", paramLabel = "EVENT", order = 3, description = "cpu (default), alloc (bytes allocated), live (of these, what is still in use at the end), wall (waiting too), or lock.")
  private Event event = Event.CPU;

  @Option(names = {"-o", "--output"}, paramLabel = "FILE", order = 4, description = "Write the flame graph there, as a page of HTML.")
  private String file = "";

  @Option(names = "--nodes", order = 5, description = "Time the nodes of MODEL's graph on kept requests, in a session of its own.")
  private boolean nodes;

  @Option(names = "--against", paramLabel = "V", order = 6, description = "With --nodes: name what is slower than in this version; exit 1 if something is.")
  private String against = "";

  @Option(names = "--max", paramLabel = "MS", order = 7, description = "With --nodes: exit 1 when INFER takes longer at the median.")
  private double maxMillis = Double.POSITIVE_INFINITY;

  @Option(names = "--memory", order = 8, description = "Whose memory is: heap, buffers, the JVM's own, each version's; at once, without a profile.")
  private boolean memory;

  ProfileCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    requireSense();
    try (AdminClient client = server.openRunning()) {
      if (memory) {
        return tell(client.fetch("memory", model.isEmpty() ? Map.of() : Map.of("model", model)));
      }
      JsonNode profile = taken(client);
      if (!file.isEmpty()) {
        write(client.fetchText("profiles/" + text(profile, "id") + "/flamegraph"));
      }
      if (output.isJson()) {
        output.print(profile);
      } else if (nodes) {
        new NodesBlock(terminal, profile).print();
      } else {
        new ProfileBlock(terminal, profile, client.base()).print();
      }
      return nodes ? judged(profile.path("summary")) : profile.path("summary").path("asked").asLong() == 0 ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
    }
  }

  private ExitCode tell(JsonNode found) throws CommandException {
    if (output.isJson()) {
      output.print(found);
    } else {
      new MemoryBlock(terminal, found).print();
    }
    return ExitCode.GOOD;
  }

  private void requireSense() throws CommandException {
    if (memory && (nodes || !file.isEmpty() || !version.isEmpty())) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("--memory is told at once and of all versions (expected: no --nodes, --version or -o; --event live samples what is allocated and stays)"));
    }
    if (nodes && model.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("--nodes needs a MODEL, because nodes are those of its graph"));
    }
    if (nodes && !file.isEmpty()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("--nodes draws no flame graph (expected: no -o; --json has everything)"));
    }
    if (!nodes && (!against.isEmpty() || Double.isFinite(maxMillis))) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("--against and --max are about the times of nodes (expected: with --nodes)"));
    }
  }

  private ExitCode judged(JsonNode summary) {
    double millis = summary.path("versions").path(0).path("run_ms").path("median_ms").asDouble();
    if (millis > maxMillis || !summary.path("slower").isEmpty()) {
      return ExitCode.BAD;
    }
    return summary.path("conclusive").asBoolean(true) ? ExitCode.GOOD : ExitCode.INCONCLUSIVE;
  }

  private JsonNode taken(AdminClient client) throws CommandException {
    JsonNode profile = client.post("profiles", wish());
    long begun = System.nanoTime();
    while (text(profile, "state").equals("RUNNING")) {
      if (terminal.isLive()) {
        terminal.redraw("measuring, %d of %d s".formatted(Math.min(seconds, (System.nanoTime() - begun) / 1_000_000_000), seconds));
      }
      pause();
      profile = client.fetch("profiles/" + text(profile, "id"));
    }
    if (terminal.isLive()) {
      terminal.redraw("");
    }
    if (!text(profile, "state").equals("DONE")) {
      throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("the profile failed: " + text(profile, "error")));
    }
    return profile;
  }

  private ObjectNode wish() {
    ObjectNode wish = JsonNodeFactory.instance.objectNode().put("seconds", seconds);
    if (nodes) {
      wish.put("nodes", true);
    } else {
      wish.put("event", event.name().toLowerCase(Locale.ROOT));
    }
    if (!against.isEmpty()) {
      wish.put("against", against);
    }
    if (!model.isEmpty()) {
      wish.put("model", model);
    }
    if (!version.isEmpty()) {
      wish.put("version", version);
    }
    return wish;
  }

  private void write(String page) throws CommandException {
    try {
      Files.writeString(Path.of(file), page);
      terminal.say("wrote " + file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot write '" + file + "': " + e.getMessage()).at("-o " + file), e);
    }
  }

  private static void pause() throws CommandException {
    try {
      Thread.sleep(STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }
}
