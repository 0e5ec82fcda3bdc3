package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline profile`: where a running model's time or memory goes.
@Command(
    name = "profile",
    header = {"  faultline profile credit-risk", "  faultline profile credit-risk --event alloc --seconds 30 -o graph.html", ""},
    customSynopsis = "faultline profile [MODEL] [OPTIONS]",
    description = "where time or memory goes, by stage and step, as a flame graph")
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

  ProfileCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.openRunning()) {
      JsonNode profile = taken(client);
      if (!file.isEmpty()) {
        write(client.fetchText("profiles/" + text(profile, "id") + "/flamegraph"));
      }
      if (output.isJson()) {
        output.print(profile);
      } else {
        new ProfileBlock(terminal, profile, client.base()).print();
      }
      return profile.path("summary").path("asked").asLong() == 0 ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
    }
  }

  private JsonNode taken(AdminClient client) throws CommandException {
    JsonNode profile = client.post("profiles", wish());
    long begun = System.nanoTime();
    while (text(profile, "state").equals("RUNNING")) {
      if (terminal.isLive()) {
        terminal.redraw("sampling, %d of %d s".formatted(Math.min(seconds, (System.nanoTime() - begun) / 1_000_000_000), seconds));
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
    ObjectNode wish = JsonNodeFactory.instance.objectNode().put("event", event.name().toLowerCase(Locale.ROOT)).put("seconds", seconds);
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
