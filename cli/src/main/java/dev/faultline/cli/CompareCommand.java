package dev.faultline.cli;

import static dev.faultline.cli.Members.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `faultline compare`: what separates some kept requests from others, ranked, or that nothing does.
@Command(
    name = "compare",
    header = {"  faultline compare FL-3", "  faultline compare 'model=credit-risk version=7' 'version=6'", ""},
    customSynopsis = "faultline compare SELECTION [BASELINE] [OPTIONS]",
    description = "what separates failing from passing requests, ranked")
final class CompareCommand implements Subcommand {
  private static final List<String> OVER = List.of("DONE", "FAILED", "CANCELLED");
  private static final long STEP_MILLIS = 50;

  private final Terminal terminal;

  @Mixin private Output output;
  @Mixin private ServerOptions server;

  @Parameters(
      paramLabel = "SELECTION",
      index = "0",
      arity = "0..1",
      description = {
        "Which requests: a group (FL-3), a fault (flt_...) for its group, a fault code, failing, faulted, suspicious, passing, all, or terms such as model=m version=7 stage=INFER since=2h client=C header:NAME=V field:NAME>=65. All terms in one argument must hold."
      })
  private String selection = "";

  @Parameters(
      paramLabel = "BASELINE",
      index = "1",
      arity = "0..1",
      description = "What with, in the same words, or rest. Default: for failures the passing requests of the same model, otherwise the rest of the model's.")
  private String baseline = "";

  @Option(names = "--limit", paramLabel = "N", order = 1, description = "At most so many requests of each side, the newest. Default: 2000.")
  private int limit = 2_000;

  CompareCommand(Terminal terminal, Surroundings surroundings) {
    this.terminal = terminal;
    this.output = new Output(terminal);
    this.server = new ServerOptions(surroundings);
  }

  @Override
  public ExitCode run() throws CommandException {
    if (selection.isBlank()) {
      throw new CommandException(ExitCode.USAGE, Complaint.of("nothing to compare").help("faultline compare FL-3, or faultline compare failing; faultline faults lists groups"));
    }
    try (AdminClient client = server.open()) {
      JsonNode comparison = ended(client, client.post("comparisons", asked()));
      if (!text(comparison, "state").equals("DONE")) {
        throw new CommandException(ExitCode.INCONCLUSIVE, Complaint.of("the comparison " + text(comparison, "state").toLowerCase(Locale.ROOT) + ": " + text(comparison, "error")));
      }
      var report = new CompareReport(terminal, comparison);
      if (output.isJson()) {
        terminal.print(comparison);
      } else {
        report.print();
      }
      return report.exit();
    }
  }

  private ObjectNode asked() {
    ObjectNode asked = JsonNodeFactory.instance.objectNode().put("selection", selection).put("limit", limit);
    return baseline.isBlank() ? asked : asked.put("baseline", baseline);
  }

  private static JsonNode ended(AdminClient client, JsonNode started) throws CommandException {
    JsonNode now = started;
    while (!OVER.contains(text(now, "state"))) {
      pause();
      now = client.fetch("comparisons/" + text(started, "id"));
    }
    return now;
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
