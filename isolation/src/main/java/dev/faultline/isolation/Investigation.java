package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Cancellation;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.model.VersionSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Turns one fault into a verdict, the cheapest evidence first. Read [#run]: its lines are the stages.
///
/// Only what flipped both ways is VERIFIED: with the suspect taken out of the failing case it passed, with the suspect put into a passing
/// case it failed. After DataPrism (SIGMOD 2022), BugDoc (SIGMOD 2020) and AID (SIGMOD 2020): interventions, not correlations, name causes.
/// Longer than most because it is the one place that knows the order.
public final class Investigation {
  /// Passing requests that are tried on the suspect version before it is said to fail for all.
  private static final int BASELINES_MAX = 3;

  private final Case about;
  private final Tools tools;
  private final Trials lab;
  private final Target target;
  private final Setup suspect;
  private final Subject.AsArrived failing;
  private final Notes notes = new Notes();
  private final long startNanos;
  private Optional<Outcome> shown = Optional.empty();

  public Investigation(Case about, Tools tools, Budget budget, Cancellation cancellation, Consumer<Progress> listener) {
    this.about = about;
    this.tools = tools;
    this.lab = new Trials(tools.replayer(), budget, tools.pace(), cancellation, tools.nanoClock(), listener);
    this.target = Target.of(about);
    this.suspect = Setup.of(about.model(), about.version());
    this.failing = new Subject.AsArrived(about.failing().arrival());
    this.startNanos = tools.nanoClock().getAsLong();
  }

  /// @throws CancelledException when that was asked for
  public Verdict run() {
    Optional<Claim> known = Triage.of(about).or(this::unfitForReplay);
    if (known.isPresent()) {
      return verdict(known.get());
    }
    lab.announce("replaying the request as it arrived");
    return switch (determinism()) {
      case Determinism.Deterministic sure -> explain(sure);
      case Determinism.Flaky flaky -> unsteady(flaky);
      case Determinism.Undecided open -> unsteady(open);
      case Determinism.NotReproduced gone -> verdict(notReproduced(gone));
    };
  }

  private Verdict explain(Determinism sure) {
    notes.add(Proof.Kind.REPLAY, "replayed alone on version " + about.version() + " it fails every time", sure.failures(), sure.runs());
    Outcome outcome = shown.orElseThrow();
    Fault fault = target.shown(outcome).orElseThrow();
    Optional<InferenceRequest> decoded = outcome.passage().request();

    lab.announce("looking for a passing request to compare with");
    List<Specimen> nearest = decoded.map(request -> Baselines.nearest(request, about.version(), about.passing())).orElse(List.of());
    Passing passing = passing(nearest);

    lab.announce("trying other versions");
    VersionFinding versions = new VersionSearch(lab, target, failing, about.model())
        .run(about.version(), tools.replayer().versions(about.model()), notes);

    lab.announce("comparing failing with passing requests");
    Optional<Explanation> explanation = contract().flatMap(contract -> new Comparison(about, tools.random()).explain(contract, notes));

    lab.announce("reducing the request");
    InputFinding input = decoded.flatMap(request -> passing.first().map(baseline -> reduce(request, baseline, fault))).orElse(InputFinding.NONE);

    boolean rowsInteract = decoded.isPresent() && rowsInteract(decoded.get(), input);

    lab.announce("looking for what the version changed");
    Difference difference = versions.flips()
        ? new DifferenceSearch(lab, tools, target, failing, suspect).run(versions.good(), notes)
        : Difference.NONE;

    lab.announce("looking into the graph");
    List<BlamedNode> nodes = new NodeSearch(tools, about.model(), about.version()).run(fault, outcome.passage().engineInputs(), notes);

    return verdict(new Judgement(about, fault, passing, versions, input, difference, nodes, explanation.stream().toList(), rowsInteract).claim(), input, versions, fault);
  }

  /// What passing requests do on the suspect version: those that pass now, and how many failed of how many were tried.
  record Passing(List<Specimen> good, int failed, int tried) {
    Passing {
      good = List.copyOf(good);
    }

    Optional<Specimen> first() {
      return good.stream().findFirst();
    }

    boolean allFail() {
      return good.isEmpty() && failed > 0 && failed == tried;
    }
  }

  private Passing passing(List<Specimen> nearest) {
    var good = new ArrayList<Specimen>();
    int failed = 0;
    int tried = 0;
    for (Specimen each : nearest.subList(0, Math.min(BASELINES_MAX, nearest.size()))) {
      Trials.Run run = lab.run(suspect, new Subject.AsArrived(each.arrival()), target);
      tried += run.result() == TrialResult.UNRESOLVED ? 0 : 1;
      failed += run.failed() ? 1 : 0;
      if (run.passed()) {
        good.add(decoded(each, run));
        break;
      }
    }
    if (tried > 0) {
      notes.add(Proof.Kind.INTERVENTION, "requests that passed before, on version " + about.version(), failed, tried);
    }
    return new Passing(good, failed, tried);
  }

  /// The passing request as this version decodes it.
  private static Specimen decoded(Specimen each, Trials.Run run) {
    List<InferenceRequest> requests = run.outcome().flatMap(outcome -> outcome.passage().request()).map(List::of).orElse(each.requests());
    return new Specimen(each.id(), each.arrival(), each.version(), requests, each.samplingRate());
  }

  private InputFinding reduce(InferenceRequest request, Specimen baseline, Fault fault) {
    try {
      VersionSettings settings = tools.replayer().settings(about.model(), about.version());
      List<Field> suspects = fault.field().stream().toList();
      return new InputSearch(lab, target, suspect, about.failing().arrival(), request, baseline, settings.contract()).run(suspects, notes);
    } catch (ReplayException e) {
      notes.add(Proof.Kind.LIMIT, String.valueOf(e.getMessage()));
      return InputFinding.NONE;
    }
  }

  /// Whether each row to blame passes alone, so that it takes the others to make it fail.
  private boolean rowsInteract(InferenceRequest request, InputFinding input) {
    List<Long> rows = input.fields().stream().map(field -> field.field().row()).distinct().toList();
    int passed = 0;
    for (long row : rows) {
      Optional<InferenceRequest> alone = Rows.alone(request, row);
      passed += alone.isPresent() && lab.run(suspect, new Subject.Edited(alone.get(), about.failing().arrival()), target).passed() ? 1 : 0;
    }
    if (passed > 0) {
      notes.add(Proof.Kind.INTERVENTION, "the rows to blame, each alone: " + passed + " of " + rows.size() + " pass", rows.size() - passed, rows.size());
    }
    return !rows.isEmpty() && passed == rows.size();
  }

  private Optional<Contract> contract() {
    try {
      return Optional.of(tools.replayer().settings(about.model(), about.version()).contract());
    } catch (ReplayException e) {
      notes.add(Proof.Kind.LIMIT, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Determinism determinism() {
    // each death costs a process: two are enough to say that it is no chance
    if (about.code() == FaultCode.INFER_CRASHED) {
      TrialResult first = trial();
      TrialResult second = trial();
      if (first == TrialResult.FAIL && second == TrialResult.FAIL) {
        return new Determinism.Deterministic(2, 2);
      }
    }
    return Determinism.of(_ -> trial(), failing);
  }

  private TrialResult trial() {
    Trials.Run run = lab.run(suspect, failing, target);
    if (run.failed()) {
      shown = run.outcome();
    }
    return run.result();
  }

  /// Why nothing may or can be run again.
  private Optional<Claim> unfitForReplay() {
    if (about.failing().arrival().payload().length() == 0 && about.code() != FaultCode.DECODE_JSON) {
      return Optional.of(abstained("the request's payload was not kept, or only in part, so it cannot be run again"));
    }
    try {
      Artifact artifact = tools.replayer().artifact(about.model(), about.version());
      if (!isTheOneThatFailed(artifact)) {
        return Optional.of(abstained("the file of version " + about.version() + " is not the one that failed any more"));
      }
      return tools.replayer().settings(about.model(), about.version()).sideEffects()
          ? Optional.of(abstained("contract.yaml says that the model has side effects, so it is not run again"))
          : Optional.empty();
    } catch (ReplayException e) {
      return Optional.of(abstained(String.valueOf(e.getMessage())));
    }
  }

  /// A request that failed before it was routed met no file.
  private boolean isTheOneThatFailed(Artifact artifact) {
    String digest = about.failing().version().digest();
    return digest.isEmpty() || artifact.digest().equals(digest);
  }

  private Verdict unsteady(Determinism result) {
    notes.add(Proof.Kind.REPLAY, "the same request, alone on version " + about.version() + ", fails now and then", result.failures(), result.runs());
    boolean someOfEach = result.failures() > 0 && result.failures() < result.runs();
    return verdict(someOfEach
        ? claim(Confidence.ABSTAINED, Cause.FLAKY, "the same request on the same version fails in " + result.failures() + " of " + result.runs() + " runs")
        : abstained(result.runs() == 0 ? "no trial gave an answer" : "too few trials gave an answer: " + result.failures() + " of " + result.runs() + " failed"));
  }

  private Claim notReproduced(Determinism gone) {
    notes.add(Proof.Kind.REPLAY, "the same request, alone on version " + about.version() + ", passes every time", 0, gone.runs());
    return switch (about.code()) {
      case INFER_TIMEOUT, INFER_OUT_OF_MEMORY -> claim(Confidence.SUSPECTED, Cause.RESOURCE, "it failed under load and passes alone in " + gone.runs() + " of " + gone.runs() + " runs");
      default -> abstained("not reproducible: the same request passes alone in " + gone.runs() + " of " + gone.runs() + " runs");
    };
  }

  private Claim abstained(String summary) {
    return claim(Confidence.ABSTAINED, Cause.UNKNOWN, summary);
  }

  private Claim claim(Confidence confidence, Cause cause, String summary) {
    return Claim.of(confidence, cause, about.code().stage(), Release.of(about.model(), about.version()), summary);
  }

  private Verdict verdict(Claim claim) {
    return new Verdict(claim, notes.proofs(), notes.ruledOut(), List.of(), List.of(), List.of(), lab.budget().replays(), millis());
  }

  private Verdict verdict(Claim claim, InputFinding input, VersionFinding versions, Fault fault) {
    var mend = new Mending(about, claim, fault);
    List<Reproduction> smallest = input.requests().stream().map(request -> new Reproduction(request, input.fields().size(), input.total())).toList();
    new Clearing(claim, input, versions, shown.orElseThrow().passage(), fault).note(notes);
    return new Verdict(claim, notes.proofs(), notes.ruledOut(), mend.list(), smallest, Alternatives.of(claim), lab.budget().replays(), millis());
  }

  private long millis() {
    return (tools.nanoClock().getAsLong() - startNanos) / 1_000_000;
  }
}
