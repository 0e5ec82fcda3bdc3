package dev.faultline.isolation;

import dev.faultline.contract.Contract;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.Mend;
import dev.faultline.isolation.attribute.Explanation;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.finding.Confidence;
import dev.faultline.isolation.reduce.Limit;
import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Determinism;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Cancellation;
import dev.faultline.request.InferenceRequest;
import dev.faultline.request.Outcome;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Turns one fault into a verdict, the cheapest evidence first. Read [#run]: its lines are the stages.
///
/// Only what flipped both ways is VERIFIED: with the suspect taken out of the failing case it passed, with the suspect put into a passing
/// case it failed. After DataPrism (SIGMOD 2022), BugDoc (SIGMOD 2020) and AID (SIGMOD 2020): interventions, not correlations, name causes.
/// Longer than most because it is the one place that knows the order.
public final class Investigation {
  /// Replays that reducing the request leaves for what comes behind it.
  private static final int KEPT = 24;
  /// Other failing requests that must agree before the engine's optimiser is blamed.
  private static final int OTHERS_MAX = 2;
  /// Other failing requests that are asked whether a change explains them too.
  private static final int EXPLAINED_MAX = 3;
  /// Served requests that run beside one that fails in company only.
  private static final int COMPANY_MAX = 8;
  /// Replays on a file that is not the one that failed.
  private static final int STALE_RUNS = 3;
  /// Separations by chance as clear as this are one in a thousand, one in a hundred, and one in twenty.
  private static final double CHANCE_VERIFIED = 0.001;
  private static final double CHANCE_SUPPORTED = 0.01;
  private static final double CHANCE_SUSPECTED = 0.05;

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
    this.tools = tools.comparing(about);
    this.lab = new Trials(this.tools.replayer(), budget, tools.pace(), cancellation, tools.nanoClock(), listener);
    this.target = Target.of(about);
    this.suspect = Setup.of(about.model(), about.version());
    this.failing = new Subject.AsArrived(about.failing().arrival());
    this.startNanos = tools.nanoClock().getAsLong();
  }

  /// @throws CancelledException when that was asked for
  public Verdict run() {
    Optional<Claim> known = Triage.of(about).or(() -> Unfit.reason(about, tools).map(this::abstained));
    if (known.isPresent() && Unfit.isStale(about, tools)) {
      return stale(known.get());
    }
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
    notes.add(Proof.Kind.REPLAY, "replayed alone on version " + about.version() + " it fails" + (sure.failures() == sure.runs() ? " every time" : ""), sure.failures(), sure.runs());
    Outcome outcome = shown.orElseThrow();
    Fault fault = target.shown(outcome).orElseThrow();
    Optional<InferenceRequest> decoded = outcome.passage().request();

    lab.announce("trying other versions");
    var history = new VersionSearch(lab, target, failing, about.model());
    VersionFinding asked = history.run(about.version(), tools.replayer().versions(about.model()), sure, notes);

    lab.announce("looking for passing requests to compare with");
    Sound sound = new SoundSearch(lab, target, suspect, about).run(decoded, asked, notes);

    lab.announce("comparing failing with passing requests");
    Optional<Contract> contract = contract();
    Optional<Explanation> explanation = contract.flatMap(known -> new Contrasting(about, tools.random()).explain(known, notes));

    lab.announce("reducing the request");
    InputFinding input = sound.mostFail() ? InputFinding.NONE
        : decoded.flatMap(request -> contract.map(known -> reduce(request, sound, fault, explanation, known))).orElse(InputFinding.NONE);
    VersionFinding versions = input.requests().stream().findFirst()
        .map(request -> history.narrowed(asked, new Subject.Edited(request, about.failing().arrival()), notes)).orElse(asked);
    List<Limit> batch = input.fields().isEmpty()
        ? decoded.map(request -> new BatchSearch(lab, target, suspect, about.failing().arrival()).run(request, sound.good(), notes)).orElse(List.of())
        : List.of();
    boolean rowsInteract = decoded.isPresent() && rowsInteract(decoded.get(), input);

    lab.announce("trying what the engine makes of the graph");
    Optional<OptimizerFinding> optimizer = new EnvironmentSearch(lab, target, suspect).run(about.code(), failing, siblings(OTHERS_MAX), notes);

    lab.announce("looking for what the version changed");
    VersionDifference difference = versions.flips() && optimizer.isEmpty()
        ? new DifferenceSearch(lab, tools, target, failing, suspect, notes).run(versions.good(), fault, siblings(EXPLAINED_MAX))
        : VersionDifference.NONE;

    lab.announce("looking into the graph");
    boolean beside = !difference.step().isEmpty() || optimizer.isPresent();
    GraphFinding graph = beside ? GraphFinding.NONE : localized(fault, outcome, input, sound, difference.nodes().isEmpty() ? versions.good() : "");

    var judgement = new Judgement(about, fault, sound, versions, input, difference, graph, optimizer.stream().toList(), batch, explanation.stream().toList(), rowsInteract);
    return verdict(judgement.claim(), input, versions, difference, fault);
  }

  private InputFinding reduce(InferenceRequest request, Sound sound, Fault fault, Optional<Explanation> explanation, Contract contract) {
    Stream<Field> compared = explanation.stream().flatMap(found -> found.conditions().stream()).flatMap(condition -> Contrasting.field(condition).stream());
    List<Field> suspects = Stream.concat(fault.field().stream(), compared).filter(field -> !field.tensor().isEmpty()).distinct().toList();
    return new ConfirmedInput(lab.leaving(KEPT), target, suspect, about.failing().arrival(), request, contract, notes).run(sound, suspects);
  }

  /// The smallest request that fails has the least in it that could mislead; the request as it came has it all.
  private GraphFinding localized(Fault fault, Outcome whole, InputFinding input, Sound sound, String good) {
    List<Tensor> smallest = input.outcomes().stream().findFirst().map(outcome -> outcome.passage().engineInputs()).orElse(List.of());
    List<Tensor> inputs = smallest.isEmpty() ? whole.passage().engineInputs() : smallest;
    return new NodeSearch(tools, lab.budget(), about.model(), about.version(), notes).run(fault, inputs, () -> passing(sound), good);
  }

  private List<List<Tensor>> passing(Sound sound) {
    return sound.first().stream()
        .flatMap(each -> lab.run(suspect, new Subject.AsArrived(each.arrival()), target).outcome().stream())
        .map(outcome -> outcome.passage().engineInputs())
        .toList();
  }

  /// Other failing requests of the version.
  private List<Subject> siblings(int most) {
    return about.siblings().stream()
        .filter(each -> each.version().version().equals(about.version()) && each.arrival().payload().length() > 0)
        .limit(most)
        .<Subject>map(each -> new Subject.AsArrived(each.arrival()))
        .toList();
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

  private Verdict unsteady(Determinism result) {
    notes.add(Proof.Kind.REPLAY, "the same request, alone on version " + about.version() + ", fails now and then", result.failures(), result.runs());
    boolean someOfEach = result.failures() > 0 && result.failures() < result.runs();
    return verdict(someOfEach
        ? asCaptured(Confidence.ABSTAINED, Cause.FLAKY, "the same request on the same version fails in " + result.failures() + " of " + result.runs() + " runs")
        : abstained(result.runs() == 0 ? "no trial gave an answer" : "too few trials gave an answer: " + result.failures() + " of " + result.runs() + " failed"));
  }

  private Claim notReproduced(Determinism gone) {
    notes.add(Proof.Kind.REPLAY, "the same request, alone on version " + about.version() + ", passes every time", 0, gone.runs());
    String alone = "the same request passes alone in " + gone.runs() + " of " + gone.runs() + " runs";
    return switch (about.code()) {
      case INFER_TIMEOUT, INFER_OUT_OF_MEMORY -> asCaptured(Confidence.SUSPECTED, Cause.RESOURCE, "it failed under load: " + alone);
      case INFER_CRASHED -> abstained("not reproducible: " + alone);
      default -> inCompany(gone);
    };
  }

  private Claim inCompany(Determinism gone) {
    lab.announce("running it beside other requests");
    List<Subject> others = about.passing().stream()
        .filter(each -> each.version().version().equals(about.version()))
        .limit(COMPANY_MAX)
        .<Subject>map(each -> new Subject.AsArrived(each.arrival()))
        .toList();
    ConcurrencyFinding company = new ConcurrencySearch(lab, target, suspect).run(failing, others, gone.runs());
    notes.add(Proof.Kind.INTERVENTION, "beside other requests, 4 and 16 at a time", company.togetherFailed(), company.together());
    StateFinding before = company.shows() && company.aloneFailed() == 0 ? StateFinding.NONE : state(gone.runs());
    // a generator of random numbers begins anew on each copy: it passes in so many places behind itself, so it is what was served, not how much
    if (before.shows() && before.needed().size() < gone.runs()) {
      return ofState(before);
    }
    if (!company.shows()) {
      return abstained("not reproducible: it passes alone in %d of %d runs and in %d of %d beside others".formatted(
          gone.runs(), gone.runs(), company.together(), company.together()));
    }
    notes.add(Proof.Kind.INTERVENTION, "alone, before and after that", company.aloneFailed(), company.alone());
    String counts = "%d of %d runs beside other requests fail, and %d of %d alone".formatted(company.togetherFailed(), company.together(), company.aloneFailed(), company.alone());
    // once in company and never alone is what a fault that shows now and then would do too
    if (company.aloneFailed() > 0 || company.p() > CHANCE_SUSPECTED) {
      return asCaptured(Confidence.ABSTAINED, Cause.FLAKY, counts);
    }
    Confidence confidence = company.repeated() && company.p() <= CHANCE_VERIFIED ? Confidence.VERIFIED : company.p() <= CHANCE_SUPPORTED ? Confidence.SUPPORTED : Confidence.SUSPECTED;
    return asCaptured(confidence, Cause.CONCURRENCY, "requests get in each other's way" + about.fault().flatMap(Fault::step).map(step -> " in step '" + step + "'").orElse("") + ": " + counts);
  }

  /// `passed` says how often it passed on a copy that served nothing but itself.
  private StateFinding state(int passed) {
    lab.announce("running it behind the requests that came before it");
    StateFinding found = new StateSearch(lab, target, suspect, about.failing()).run(about.earlier(), passed);
    if (found.shows()) {
      notes.add(Proof.Kind.INTERVENTION, "on copies that served nothing else before", found.freshFailed(), found.fresh());
      notes.add(Proof.Kind.INTERVENTION, "on copies that served " + ids(found) + " before", found.afterFailed(), found.after());
    }
    return found;
  }

  private Claim ofState(StateFinding found) {
    Confidence confidence = found.repeated() && found.p() <= CHANCE_VERIFIED ? Confidence.VERIFIED : found.p() <= CHANCE_SUPPORTED ? Confidence.SUPPORTED : Confidence.SUSPECTED;
    String which = found.isCold() ? "it fails on a copy that has served nothing yet, and passes behind " : "it passes on a copy that has served nothing yet, and fails behind ";
    return asCaptured(confidence, Cause.STATE, which + ids(found) + ": %d of %d runs fail on a fresh copy, and %d of %d behind it".formatted(
        found.freshFailed(), found.fresh(), found.afterFailed(), found.after()));
  }

  private String ids(StateFinding found) {
    return found.needed().stream().map(each -> each.id().equals(about.failing().id()) ? "itself" : each.id()).collect(Collectors.joining(", "));
  }

  /// The file was exchanged under the copy that answers: whether that matters, the file as it is now can say.
  private Verdict stale(Claim unknown) {
    int passed = 0;
    for (int i = 0; i < STALE_RUNS; i++) {
      passed += lab.run(suspect, failing, target).passed() ? 1 : 0;
    }
    notes.add(Proof.Kind.REPLAY, "on the file of version " + about.version() + " as it is now", STALE_RUNS - passed, STALE_RUNS);
    if (passed < STALE_RUNS) {
      return verdict(unknown);
    }
    Claim claim = asCaptured(Confidence.SUSPECTED, Cause.REPLICA, "this server answered from a copy of version " + about.version() + " with digest " + about.failing().version().digest()
        + ", which is not the file that the version has now: that takes the request");
    var reload = new Mend("load the version anew on this server", "faultline models load " + about.model() + " " + about.version());
    return new Verdict(claim, notes.proofs(), notes.ruledOut(), List.of(reload), List.of(), List.of(), lab.budget().replays(), millis());
  }

  private Claim abstained(String summary) {
    return asCaptured(Confidence.ABSTAINED, Cause.UNKNOWN, summary);
  }

  /// With the place that the fault itself names.
  private Claim asCaptured(Confidence confidence, Cause cause, String summary) {
    boolean placed = cause != Cause.UNKNOWN;
    return new Claim(
        confidence,
        cause,
        about.code().stage(),
        Release.of(about.model(), about.version()),
        List.of(),
        List.of(),
        about.fault().filter(_ -> placed).flatMap(Fault::step).orElse(""),
        about.fault().filter(_ -> placed).flatMap(Fault::node).map(node -> new BlamedNode(node, List.of(), List.of())).stream().toList(),
        List.of(),
        summary);
  }

  private Verdict verdict(Claim claim) {
    return new Verdict(claim, notes.proofs(), notes.ruledOut(), List.of(), List.of(), List.of(), lab.budget().replays(), millis());
  }

  private Verdict verdict(Claim claim, InputFinding input, VersionFinding versions, VersionDifference difference, Fault fault) {
    var mend = new Mending(about, claim, difference, fault);
    List<Reproduction> smallest = input.requests().stream().map(request -> new Reproduction(request, input.fields().size(), input.total())).toList();
    new Clearing(claim, input, versions, shown.orElseThrow().passage(), fault).note(notes);
    return new Verdict(claim, notes.proofs(), notes.ruledOut(), mend.list(), smallest, Alternatives.of(claim), lab.budget().replays(), millis());
  }

  private long millis() {
    return (tools.nanoClock().getAsLong() - startNanos) / 1_000_000;
  }
}
