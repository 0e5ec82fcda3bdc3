package dev.faultline.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.evaluation.TrialResult.Finding;
import dev.faultline.evaluation.baseline.Baseline;
import dev.faultline.evaluation.fault.Catalogue;
import dev.faultline.evaluation.fault.HeldOutFaults;
import dev.faultline.evaluation.fault.Recipe;
import dev.faultline.evaluation.score.Facet;
import dev.faultline.evaluation.score.Judged;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `bin/evaluate`: runs the benchmark and writes the report.
public final class EvaluateCommand {
  private static final String USAGE = """
      usage: bin/evaluate [--small] [--held-out] [--only PATTERN] [--prevalence LIST] [--repetitions N] [--seed N]
                          [--no-baselines] [--sampling N] [--out FILE] [--verdicts FILE]
        --small          the few trials of the test, with its settings, as evaluation/small-report.md
        --held-out       the suite that the engine was not written with in view, as evaluation/held-out.md
        --only           faults whose id matches the regular expression
        --prevalence     shares of faulty requests (default .002,.01,.05,.3)
        --repetitions    of each fault at each prevalence (default 1)
        --seed           of the first repetition (default 1)
        --no-baselines   only the engine
        --sampling       captured served requests a second (default: the server's)
        --out            where the report goes (default evaluation/report.md)
        --verdicts       a file that every verdict is added to, one line each
      """;

  private final Map<String, String> options;
  private final PrintStream out;

  private EvaluateCommand(Map<String, String> options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  public static void main(String[] args) throws InterruptedException {
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < args.length; i++) {
      boolean isFlag = args[i].equals("--small") || args[i].equals("--held-out") || args[i].equals("--no-baselines");
      boolean isKnown = isFlag || USAGE.contains(args[i] + " ");
      if (!isKnown || (!isFlag && i + 1 == args.length)) {
        System.err.print(USAGE);
        System.exit(2);
      }
      options.put(args[i], isFlag ? "" : args[i + 1]);
      i += isFlag ? 0 : 1;
    }
    new EvaluateCommand(options, System.out).run();
    System.exit(0);
  }

  private void run() throws InterruptedException {
    boolean small = options.containsKey("--small");
    boolean heldOut = options.containsKey("--held-out");
    List<Recipe> recipes = heldOut ? HeldOutFaults.all() : Catalogue.all();
    List<Trial> trials = small ? Plan.small() : Plan.full(recipes, this::isWanted, prevalences(), number("--repetitions", 1), number("--seed", 1));
    List<Baseline> baselines = small || options.containsKey("--no-baselines") ? List.of() : Baseline.all();
    out.println(trials.size() + " trials");
    Path file = Path.of(option("--out", small ? "evaluation/small-report.md" : heldOut ? "evaluation/held-out.md" : "evaluation/report.md"));
    var circumstances = new Circumstances();
    var soFar = new ArrayList<TrialResult>();
    Evaluation.run(trials, small ? Plan.SMALL_SETTINGS : settings(), baselines, verdicts(), result -> {
      circumstances.look();
      soFar.add(result);
      say(result);
      // after each trial, so that a run that is broken off leaves what it has found
      write(file, small ? SmallReport.of(soFar) : new Report(soFar, command(soFar.size(), trials.size()), circumstances.words()).text());
    });
    out.println("the report is " + file);
  }

  private String command(int done, int planned) {
    return "`" + String.join(" ", said()) + "`" + (done < planned ? " (broken off after " + done + " of " + planned + " trials)" : "");
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, String> settings() {
    return options.containsKey("--sampling") ? Map.of("capture.sample_per_second", option("--sampling", "5")) : Map.of();
  }

  private List<String> said() {
    Stream<String> flags = options.entrySet().stream()
        .filter(option -> !option.getKey().equals("--out") && !option.getKey().equals("--verdicts"))
        .map(option -> option.getKey() + (option.getValue().isEmpty() ? "" : " " + option.getValue()))
        .sorted();
    return Stream.concat(Stream.of("bin/evaluate"), flags).toList();
  }

  private boolean isWanted(Recipe recipe) {
    return Pattern.compile(option("--only", "")).matcher(recipe.id()).find();
  }

  private List<Double> prevalences() {
    return Arrays.stream(option("--prevalence", ".002,.01,.05,.3").split(",", -1)).map(Double::valueOf).toList();
  }

  private int number(String name, int otherwise) {
    return Integer.parseInt(option(name, String.valueOf(otherwise)));
  }

  private String option(String name, String otherwise) {
    return Objects.requireNonNullElse(options.get(name), otherwise);
  }

  private BiConsumer<Trial, JsonNode> verdicts() {
    String file = option("--verdicts", "");
    return file.isEmpty() ? (_, _) -> {} : (trial, verdict) -> append(Path.of(file), trial + "\t" + verdict + "\n");
  }

  private static void append(Path file, String line) {
    try {
      Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void say(TrialResult result) {
    out.println(Instant.now() + " " + result.trial() + ": " + result.requests() + " requests, " + result.millis() + " ms" + (result.isValid() ? "" : ", INVALID " + result.invalid()));
    result.accusations().forEach(claim -> out.println("    falsely accuses: " + claim));
    for (Finding finding : result.findings()) {
      out.println("    " + finding.planted() + " (" + finding.state() + ")");
      finding.byMethod().entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(each -> out.println("      " + said(each.getKey(), each.getValue())));
    }
  }

  private static String said(String method, Judged judged) {
    var line = new StringBuilder(method).append(": ").append(judged.claim().confidence()).append(' ').append(judged.claim().cause());
    for (Facet facet : Facet.values()) {
      if (facet.appliesTo(judged.truth()) && method.equals(TrialRun.ENGINE)) {
        line.append(' ').append(facet).append(judged.isRight(facet) ? "+" : "-");
      }
    }
    if (judged.conditionsApply() && method.equals(TrialRun.ENGINE)) {
      line.append(" CONDITIONS").append(judged.conditionsRight() ? "+" : "-");
    }
    return line.append(judged.isJointlyRight() ? "  right" : "").toString();
  }
}
