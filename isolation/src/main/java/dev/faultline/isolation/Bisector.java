package dev.faultline.isolation;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.Bisection.Trial;
import dev.faultline.isolation.localize.Optimizers;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Outcome;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Searches one thing only for where a fault begins, with the whole budget: the versions of its model, or the levels to which the engine
/// optimises the graph. What the input or a node has to do with it is the matter of an [Investigation], which looks at them together.
public final class Bisector {
  private final Case about;
  private final Tools tools;
  private final Trials lab;
  private final Target target;
  private final Setup suspect;
  private final Subject.AsArrived failing;
  private final Notes notes = new Notes();
  private final long startNanos;
  private Optional<Outcome> shown = Optional.empty();

  public Bisector(Case about, Tools tools, Budget budget, Cancellation cancellation, Consumer<Progress> listener) {
    this.about = about;
    this.tools = tools.comparing(about);
    this.lab = new Trials(this.tools.replayer(), budget, tools.pace(), cancellation, tools.nanoClock(), listener);
    this.target = Target.of(about);
    this.suspect = Setup.of(about.model(), about.version());
    this.failing = new Subject.AsArrived(about.failing().arrival());
    this.startNanos = tools.nanoClock().getAsLong();
  }

  /// Over versions: the first bad one. A fault that comes and goes takes more trials.
  ///
  /// @throws CancelledException when that was asked for
  public Bisection versions() {
    Optional<String> unfit = Unfit.reason(about, tools);
    if (unfit.isPresent()) {
      return inconclusive(Over.VERSIONS, unfit.get());
    }
    Determinism known = determinism();
    if (known.failures() == 0) {
      return inconclusive(Over.VERSIONS, notReproduced(known));
    }
    lab.announce("trying other versions");
    VersionFinding found = VersionSearch.thorough(lab, target, failing, about.model())
        .run(about.version(), tools.replayer().versions(about.model()), known, notes);
    List<Trial> trials = found.results().entrySet().stream().map(each -> new Trial(each.getKey(), each.getValue())).toList();
    return new Bisection(Over.VERSIONS, isSettled(found), said(found), found.release(), trials, "", List.of(), List.of(), notes.proofs(), lab.budget().replays(), millis());
  }

  /// Either a first bad version, or none because it fails on all that could be tried.
  private boolean isSettled(VersionFinding found) {
    return found.release().isRegression() || ((found.results().size() == 1 || found.failsElsewhere()) && !found.flips());
  }

  private String said(VersionFinding found) {
    Release release = found.release();
    if (release.isRegression()) {
      return "version %s is the first that fails; version %s takes the request".formatted(release.firstBad(), release.lastGood());
    }
    if (found.flips()) {
      return "version " + found.good() + " takes the request, but no first bad version could be told";
    }
    return found.results().size() == 1 ? "there is no other version of '" + about.model() + "'"
        : found.failsElsewhere() ? "not an effect of the version: it fails on every version that was tried" : "no other version gave an answer";
  }

  /// Over what the engine makes of the graph: the level at which the fault begins, and the rewriting.
  ///
  /// @throws CancelledException when that was asked for
  public Bisection optimizations() {
    if (!EnvironmentSearch.dependsOnTheGraph(about.code())) {
      return ofLevels(true, "not an effect of optimisation: " + about.code().label() + " is not for the graph to decide, in stage " + about.code().stage(), List.of(), "", List.of(), List.of());
    }
    Optional<String> unfit = Unfit.reason(about, tools);
    if (unfit.isPresent()) {
      return inconclusive(Over.ORT, unfit.get());
    }
    Determinism known = determinism();
    if (!(known instanceof Determinism.Deterministic)) {
      return inconclusive(Over.ORT, notReproduced(known));
    }
    lab.announce("trying levels of optimisation");
    List<Trial> trials = new ArrayList<>();
    List<Optimization> failed = new ArrayList<>();
    for (Optimization level : Optimization.values()) {
      Trials.Run run = lab.run(suspect.with(level), failing, target.byCode());
      trials.add(new Trial(name(level), run.result()));
      if (run.failed()) {
        failed.add(level);
        shown = failed.size() == 1 ? run.outcome() : shown;
      }
    }
    return judged(trials, failed);
  }

  private Bisection judged(List<Trial> trials, List<Optimization> failed) {
    TrialResult plain = trials.getFirst().result();
    if (plain == TrialResult.FAIL) {
      return ofLevels(true, "not an effect of optimisation: " + about.code().label() + " shows on the graph as it stands in the file too", trials, "", List.of(), List.of());
    }
    if (plain == TrialResult.UNRESOLVED || failed.isEmpty()) {
      return ofLevels(false, plain == TrialResult.PASS ? "it did not fail again at any level" : "the graph as it stands in the file gave no answer", trials, "", List.of(), List.of());
    }
    Optimization first = failed.getFirst();
    lab.announce("leaving out rewritings");
    List<String> rewritings = Optimizers.guilty(without -> lab.run(suspect.with(first).without(without), failing, target.byCode()).passed());
    if (!rewritings.isEmpty()) {
      notes.add(Proof.Kind.INTERVENTION, "without the engine's " + String.join(", ", rewritings) + ", and all others in place, it passes", 0, 1);
    }
    lab.announce("looking into the graph");
    return ofLevels(true, said(trials, first, rewritings), trials, name(first), rewritings, nodes());
  }

  private String said(List<Trial> trials, Optimization first, List<String> rewritings) {
    String passing = trials.stream().filter(each -> each.result() == TrialResult.PASS).map(Trial::on).collect(Collectors.joining(", "));
    return about.code().label() + " begins at optimisation level " + name(first) + ", and not with " + passing
        + (rewritings.isEmpty() ? "; no single rewriting brings it" : "; the engine's " + String.join(", ", rewritings) + " brings it");
  }

  /// Where the fault shows at the first level that has it, under the engine's own names: a fused node is none of the file's.
  private List<BlamedNode> nodes() {
    Optional<Fault> fault = shown.flatMap(outcome -> target.byCode().shown(outcome));
    if (fault.isEmpty()) {
      return List.of();
    }
    return fault.get().code() == FaultCode.CHECK_NONFINITE
        ? new NodeSearch(tools, lab.budget(), about.model(), about.version(), new Notes()).run(fault.get(), shown.orElseThrow().passage().engineInputs(), List::of, "").nodes()
        : fault.get().node().map(node -> new BlamedNode(node, List.of(), List.of())).stream().toList();
  }

  private Determinism determinism() {
    lab.announce("replaying the request as it arrived");
    Determinism known = Determinism.of(_ -> lab.run(suspect, failing, target).result(), failing);
    notes.add(Proof.Kind.REPLAY, "the same request, alone on version " + about.version(), known.failures(), known.runs());
    return known;
  }

  private static String notReproduced(Determinism known) {
    return known.runs() == 0 ? "no trial gave an answer" : "it fails in " + known.failures() + " of " + known.runs() + " runs of the same request";
  }

  /// As the engine's documentation calls the levels.
  private static String name(Optimization level) {
    return level == Optimization.FULL ? "ALL" : level.name();
  }

  private Bisection ofLevels(boolean conclusive, String summary, List<Trial> trials, String level, List<String> rewritings, List<BlamedNode> nodes) {
    Release release = Release.of(about.model(), about.version());
    return new Bisection(Over.ORT, conclusive, summary, release, trials, level, rewritings, nodes, notes.proofs(), lab.budget().replays(), millis());
  }

  private Bisection inconclusive(Over over, String why) {
    Release release = Release.of(about.model(), about.version());
    return new Bisection(over, false, why, release, List.of(), "", List.of(), List.of(), notes.proofs(), lab.budget().replays(), millis());
  }

  private long millis() {
    return (tools.nanoClock().getAsLong() - startNanos) / 1_000_000;
  }
}
