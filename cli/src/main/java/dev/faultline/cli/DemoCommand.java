package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.example.birdstrikes.BirdstrikeRow;
import dev.faultline.example.birdstrikes.BirdstrikeRows;
import dev.faultline.server.Faultline;
import dev.faultline.server.StartException;
import dev.faultline.server.config.ServerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `faultline demo`: a server, three releases of a model, real rows, what becomes of them, and which release a judge lets through.
@Command(
    name = "demo",
    header = {"  faultline demo", "  faultline demo --once --rows 1000 --json", ""},
    customSynopsis = "faultline demo [OPTIONS]",
    description = "serve an example, play real rows at it, say what failed and why")
final class DemoCommand implements Subcommand {
  private static final long SETTLE_MILLIS_MAX = 15_000;
  private static final long SETTLE_STEP_MILLIS = 50;
  /// The log goes there, because the terminal belongs to the demo.
  static final String LOG_FILE = "faultline.log";

  private static final int GROUPS_MAX = 1_000;

  private final Terminal terminal;
  private final Surroundings surroundings;

  @Mixin private Output output;

  @Option(names = "--once", order = 1, description = "Stop after the summary. Exit 0 when the demo found what it should.")
  private boolean once;

  @Option(names = "--port", paramLabel = "N", order = 2, description = "Data port. Default: a free one.")
  private int port;

  @Option(names = "--admin-port", paramLabel = "N", order = 3, description = "Admin port. Default: a free one.")
  private int adminPort;

  @Option(names = "--rows", paramLabel = "N", order = 4, description = "Rows to send, of 10,000. Default: ${DEFAULT-VALUE}.")
  private int rows = DemoPlan.ROWS_DEFAULT;

  @Option(names = "--data", paramLabel = "DIR", order = 5, description = "Where captures are kept. Default: a temporary folder.")
  private String data = "";

  DemoCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
    this.output = new Output(terminal);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (rows < 1) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("a demo of " + rows + " rows shows nothing").at("--rows " + rows).help("--rows " + DemoPlan.ROWS_DEFAULT));
    }
    Path examples = examples();
    try (DemoFolder folder = DemoFolder.at(data, surroundings);
        Faultline server = Faultline.start(config(examples, folder.path()))) {
      server.stopOnSignals();
      server.awaitReady();
      return play(server, examples, folder);
    } catch (StartException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("the demo's server cannot start: " + e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandException(ExitCode.BAD, Complaint.of("the demo broke off: " + e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
    }
  }

  private ExitCode play(Faultline server, Path examples, DemoFolder folder) throws IOException, InterruptedException, CommandException {
    List<BirdstrikeRow> all = BirdstrikeRows.read(examples.resolve("data/birdstrikes.csv"));
    List<DemoCall> calls = DemoPlan.of(all, rows);
    URI http = URI.create("http://127.0.0.1:" + server.ports().http());
    var show = new DemoShow(terminal, output.isJson(), calls.size());
    var tally = new DemoTally();
    show.begin(http, rows);
    try (var admin = new AdminClient(URI.create("http://127.0.0.1:" + server.ports().admin()), "", () -> {})) {
      new DemoClients(http, (call, answer) -> {
        boolean first = tally.count(call, answer);
        show.answered(call, answer, first, first ? why(answer, admin) : "", tally);
      }).send(calls);
      show.end();
      DemoFindings settled = settled(tally, http, admin);
      DemoFindings explained = settled.with(verdict(settled, admin));
      show.releasing();
      boolean good = show.summary(explained.with(new DemoReleases(http, admin, DemoPlan.unpinned(all, rows)).play()), folder, admin.base(), once);
      if (!once) {
        server.awaitStopped();
      }
      return good ? ExitCode.GOOD : ExitCode.BAD;
    }
  }

  /// A served answer does not say what is suspicious about it; the admin API does.
  private static String why(DemoAnswer answer, AdminClient admin) {
    if (answer.suspicionId().isEmpty()) {
      return answer.sentence();
    }
    try {
      return text(admin.fetch("faults/" + answer.suspicionId()), "summary");
    } catch (CommandException e) {
      return "the server objects, but does not say why: " + e.getMessage();
    }
  }

  /// Nodes are found in the background, after the answers: waits for the one that matters.
  private static DemoFindings settled(DemoTally tally, URI http, AdminClient admin) throws IOException, InterruptedException, CommandException {
    DemoFindings findings = findings(tally, http, admin);
    for (long waited = 0; text(findings.canaryGroup(), "node").isEmpty() && waited < SETTLE_MILLIS_MAX; waited += SETTLE_STEP_MILLIS) {
      Thread.sleep(SETTLE_STEP_MILLIS);
      findings = findings(tally, http, admin);
    }
    return findings;
  }

  private static DemoFindings findings(DemoTally tally, URI http, AdminClient admin) throws IOException, InterruptedException, CommandException {
    JsonNode groups = admin.list("groups", Map.of(), GROUPS_MAX).path("items");
    try (HttpClient client = HttpClient.newHttpClient()) {
      String metrics = client.send(HttpRequest.newBuilder(http.resolve("/metrics")).build(), BodyHandlers.ofString()).body();
      return new DemoFindings(tally, new MetricsText(metrics), groups, groups.path("none"), List.of());
    }
  }

  /// What is to blame for version 2's suspicions, found out by experiment.
  private JsonNode verdict(DemoFindings findings, AdminClient admin) throws CommandException {
    List<String> faults = Members.texts(findings.canaryGroup().path("faults"));
    return faults.isEmpty() ? findings.verdict() : new Inquiry(admin, terminal).verdict(faults.getFirst());
  }

  private ServerConfig config(Path examples, Path dataDir) {
    return ServerConfig.with(surroundings.workingDir(), Map.of(
        "server.port", Integer.toString(port),
        "server.grpc_port", "0",
        "server.admin_port", Integer.toString(adminPort),
        "data.dir", dataDir.toString(),
        "models.dirs", examples.resolve("models").toString(),
        "log.file", dataDir.resolve(LOG_FILE).toString(),
        "server.drain_timeout", "2s"));
  }

  private Path examples() throws CommandException {
    Path home = Path.of(System.getProperty("faultline.home", surroundings.workingDir().toString()));
    Path examples = home.resolve("examples");
    if (!Files.isRegularFile(examples.resolve("data/birdstrikes.csv"))) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("found no examples/data/birdstrikes.csv").at(home.toString()).help("run ./faultline demo from a whole checkout"));
    }
    return examples;
  }
}
