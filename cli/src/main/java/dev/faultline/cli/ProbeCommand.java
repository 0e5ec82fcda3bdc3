package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.probe.Finding;
import dev.faultline.probe.Kind;
import dev.faultline.probe.Plan;
import dev.faultline.probe.Rating;
import dev.faultline.probe.Run;
import dev.faultline.probe.Sender;
import dev.faultline.probe.Subject;
import dev.faultline.fault.NearestName;
import dev.faultline.server.admin.ContractDocument;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline probe`: whether an API fails well.
@Command(
    name = "probe",
    header = {"  faultline probe credit-risk", "  faultline probe credit-risk --version 7 --only border,null --junit probe.xml", ""},
    customSynopsis = "faultline probe MODEL [OPTIONS]",
    description = "send edge cases, say which of them the API handles badly")
final class ProbeCommand implements Subcommand {
  private final Terminal terminal;
  private final Surroundings surroundings;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(paramLabel = "MODEL", arity = "1", description = "The model to probe. Every probe is a real request to it.")
  private String model = "";

  @Option(names = "--version", paramLabel = "V", order = 1, description = "This version. Default: the one that requests without a version reach.")
  private String version = "";

  @Option(names = "--only", paramLabel = "KIND", order = 2, split = ",", description = "Only these: missing, null, nonfinite, extreme, border, category, text, type, shape, empty, huge, names, json, route, v1.")
  private List<String> kinds = List.of();

  @Option(names = "--request", paramLabel = "FILE", order = 3, description = "A good request in V2 JSON to start from. Default: a captured one, else the version's golden one, else one made up from the contract.")
  private String request = "";

  @Option(names = "--fail-fast", order = 4, description = "Stop at the first that is handled badly.")
  private boolean failFast;

  @Option(names = "--strict", order = 5, description = "Exit 1 for weak answers too.")
  private boolean strict;

  @Option(names = "--junit", paramLabel = "FILE", order = 6, description = "Write a JUnit report (XML), which CI systems show.")
  private String junit = "";

  @Option(names = "--test", paramLabel = "FILE.java", order = 7, description = "Write the probes as a JUnit test of their own.")
  private String test = "";

  @Option(names = "--timeout", paramLabel = "TIME", order = 8, description = "How long each probe may take, such as 500ms or 10s. Default: 10s.")
  private String timeout = "10s";

  @Option(names = "--header", paramLabel = "HEADER", order = 10, description = "Send this with every probe, such as 'Authorization: Bearer T'.")
  private List<String> sent = List.of();

  @Option(names = "--url", paramLabel = "URL", order = 9, description = "The data port, or what stands in front of it. Default: the server says it.")
  private String url = "";

  @Option(names = "--yes", order = 11, description = "Probe a model that has side effects.")
  private boolean yes;

  ProbeCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.surroundings = surroundings;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    try (AdminClient client = server.openRunning()) {
      JsonNode probed = version(client);
      Subject subject = subject(probed);
      refuseSideEffects(probed);
      try (Sender sender = new Sender(dataPort(client), headers(), timeout())) {
        return report(client, probed, subject, new Run(sender, Long.toHexString(ThreadLocalRandom.current().nextLong() >>> 32)));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandException(ExitCode.INTERRUPTED, Complaint.of("interrupted"), e);
      }
    }
  }

  private ExitCode report(AdminClient client, JsonNode probed, Subject subject, Run run) throws CommandException, InterruptedException {
    Set<Kind> only = only();
    long start = System.nanoTime();
    List<BaseRequest> candidates = request.isEmpty() ? BaseRequest.candidates(client, probed, subject) : BaseRequest.ofFile(surroundings.workingDir().resolve(request));
    BaseRequest base = BaseRequest.passing(candidates, subject, run);
    Plan plan = Plan.of(subject, base.inputs(), only);
    List<Finding> findings = run.findings(plan.probes(), new Progress(terminal, plan.probes().size()), finding -> failFast && isBad(finding));
    if (terminal.isLive()) {
      terminal.redraw("");
    }
    var report = new ProbeReport(subject, base, new KnownFaults(client).enriched(findings), plan.leftOut(), (System.nanoTime() - start) / 1_000_000);
    write(report);
    if (output.isJson()) {
      output.print(report.document());
    } else {
      report.print(terminal);
    }
    return exit(report);
  }

  private ExitCode exit(ProbeReport report) {
    if (report.findings().stream().anyMatch(this::isBad)) {
      return ExitCode.BAD;
    }
    return report.count(Rating.UNDECIDED) > 0 ? ExitCode.INCONCLUSIVE : ExitCode.GOOD;
  }

  private boolean isBad(Finding finding) {
    return finding.rating() == Rating.BADLY || (strict && finding.rating() == Rating.WEAKLY);
  }

  private JsonNode version(AdminClient client) throws CommandException {
    List<JsonNode> ready = new ArrayList<>();
    client.fetch("models", Map.of("model", model)).path("items").forEach(item -> {
      if (text(item, "state").equals("READY")) {
        ready.add(item);
      }
    });
    return ready.reversed().stream()
        .filter(item -> version.isEmpty() ? item.path("default").asBoolean() : text(item, "version").equals(version))
        .findFirst()
        .orElseThrow(() -> unknown(client, ready.stream().map(item -> text(item, "version")).toList()));
  }

  private CommandException unknown(AdminClient client, List<String> ready) {
    if (!ready.isEmpty()) {
      return new CommandException(ExitCode.UNKNOWN, Complaint.of("model '" + model + "' has no version '" + version + "' that is ready").at("--version " + version).note("ready are " + String.join(", ", ready)));
    }
    return new CommandException(ExitCode.UNKNOWN, Complaint.of("there is no model '" + model + "' that is ready at " + client.base()).at("faultline probe " + model).help("faultline models lists them, and why one is not ready"));
  }

  private Subject subject(JsonNode probed) {
    return new Subject(model, text(probed, "version"), ContractDocument.contract(probed.path("contract")), probed.path("default").asBoolean());
  }

  private void refuseSideEffects(JsonNode probed) throws CommandException {
    if (probed.path("side_effects").asBoolean() && !yes) {
      throw new CommandException(
          ExitCode.USAGE,
          Complaint.of("the model has side effects: each probe that is answered does something in the world")
              .at("side_effects: true in the contract of " + model + " v" + text(probed, "version"))
              .help("probe a copy of it, or say --yes"));
    }
  }

  /// As the server's own machine says it; seen from another machine, under the name that the admin port has here.
  private URI dataPort(AdminClient client) throws CommandException {
    if (!url.isEmpty()) {
      return uri(url.contains("://") ? url : "http://" + url, "--url " + url);
    }
    URI told = uri(text(client.fetch("status"), "data_url"), "data_url of " + client.base());
    return uri(told.getScheme() + "://" + (isLoopback(told.getHost()) ? host(client.base()) : told.getHost()) + ":" + told.getPort(), told.toString());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static String host(URI uri) {
    return uri.getHost();
  }

  private static URI uri(String text, String place) throws CommandException {
    try {
      URI uri = URI.create(text);
      if (uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + text + "' is no address").at(place), e);
    }
    throw new CommandException(ExitCode.USAGE, Complaint.of("'" + text + "' is no address").at(place).help("write it as http://HOST:PORT, with the data port"));
  }

  private Map<String, String> headers() throws CommandException {
    var given = new LinkedHashMap<String, String>();
    for (String header : sent) {
      int colon = header.indexOf(':');
      if (colon < 1) {
        throw new CommandException(ExitCode.USAGE, Complaint.of("'" + header + "' is no header").at("--header " + header).help("write it as 'Authorization: Bearer TOKEN'"));
      }
      given.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
    }
    return given;
  }

  private Duration timeout() throws CommandException {
    if (!timeout.matches("\\d{1,6}(ms|s|m)")) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("'" + timeout + "' is no time").at("--timeout " + timeout).help("such as 500ms, 10s, 1m"));
    }
    long number = Math.max(1, Long.parseLong(timeout.replaceAll("\\D", "")));
    return timeout.endsWith("ms") ? Duration.ofMillis(number) : timeout.endsWith("s") ? Duration.ofSeconds(number) : Duration.ofMinutes(number);
  }

  private Set<Kind> only() throws CommandException {
    Set<Kind> only = EnumSet.noneOf(Kind.class);
    for (String label : kinds) {
      only.add(Kind.find(label).orElseThrow(() -> noKind(label)));
    }
    return only;
  }

  private static CommandException noKind(String label) {
    Complaint complaint = Complaint.of("there is no kind of probe '" + label + "'").at("--only " + label).note("kinds are " + String.join(", ", Kind.labels()));
    return new CommandException(ExitCode.USAGE, NearestName.of(label, Kind.labels()).map(near -> complaint.help("did you mean " + near + "?")).orElse(complaint));
  }

  private void write(ProbeReport report) throws CommandException {
    if (!junit.isEmpty()) {
      write(junit, "--junit", new JUnitReport(report).xml());
    }
    if (!test.isEmpty()) {
      String name = Path.of(test).getFileName().toString();
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*\\.java")) {
        throw new CommandException(ExitCode.USAGE, Complaint.of("'" + name + "' is no name of a Java source file").at("--test " + test).help("such as CreditRiskFailsWellTest.java"));
      }
      write(test, "--test", new ProbeTestSource(report, name.replace(".java", "")).source());
    }
  }

  private void write(String file, String option, String content) throws CommandException {
    try {
      Files.writeString(surroundings.workingDir().resolve(file), content);
      terminal.say("wrote " + file);
    } catch (IOException e) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("cannot write '" + file + "': " + e.getMessage()).at(option + " " + file), e);
    }
  }

  /// One line that is overwritten, on a terminal; nothing elsewhere.
  private static final class Progress implements Consumer<Finding> {
    private final Terminal terminal;
    private final int total;
    private int done;

    Progress(Terminal terminal, int total) {
      this.terminal = terminal;
      this.total = total;
    }

    @Override
    public void accept(Finding finding) {
      done++;
      if (terminal.isLive()) {
        terminal.redraw("probe " + done + " of " + total + "  " + ProbeReport.printable(finding.probe().title()));
      }
    }
  }
}
