package dev.faultline.junit;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.Mend;
import dev.faultline.fault.Occurrence;
import dev.faultline.probe.Call;
import dev.faultline.probe.Expected;
import dev.faultline.probe.Finding;
import dev.faultline.probe.HeaderFault;
import dev.faultline.probe.Inputs;
import dev.faultline.probe.Judge;
import dev.faultline.probe.Kind;
import dev.faultline.probe.Plan;
import dev.faultline.probe.Probe;
import dev.faultline.probe.Rating;
import dev.faultline.probe.Reply;
import dev.faultline.probe.Subject;
import dev.faultline.probe.Synthesis;
import dev.faultline.protocol.FaultContext;
import dev.faultline.protocol.FaultContext.Standing;
import dev.faultline.protocol.FaultHeader;
import dev.faultline.request.Outcome;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.WarmUp;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/// Odd requests made from a model's contract, as `faultline probe` sends them, each a dynamic test of whether the model fails well: what is wrong is
/// refused and the field named, what the contract allows is answered, and no answer holds NaN.
///
/// Without HTTP there are no probes of routes, of announced lengths and of KServe V1; `faultline probe` has those.
public final class EdgeCases {
  private static final Set<Kind> OF_HTTP = EnumSet.of(Kind.ROUTE, Kind.V1);

  private final Workbench bench;
  private final FaultlineClient client;
  private final Set<Kind> kinds;
  private final List<Inputs> given;
  private final boolean strict;

  EdgeCases(Workbench bench) {
    this(bench, EnumSet.complementOf(EnumSet.copyOf(OF_HTTP)), List.of(), false);
  }

  private EdgeCases(Workbench bench, Set<Kind> kinds, List<Inputs> given, boolean strict) {
    this.bench = bench;
    this.client = new FaultlineClient(bench, List.of());
    this.kinds = kinds;
    this.given = List.copyOf(given);
    this.strict = strict;
  }

  /// Only these kinds of cases: `missing`, `null`, `nonfinite`, `extreme`, `border`, `category`, `text`, `type`, `shape`, `empty`, `huge`, `names`, `json`.
  public EdgeCases only(String... labels) {
    Set<Kind> some = EnumSet.noneOf(Kind.class);
    for (String label : labels) {
      some.add(Kind.find(label).filter(kind -> !OF_HTTP.contains(kind)).orElseThrow(() -> new IllegalArgumentException("there is no kind of edge case '" + label + "' here (expected: " + here() + ")")));
    }
    return new EdgeCases(bench, some, given, strict);
  }

  /// Made from this good request, in V2 JSON, instead of the version's golden one or one made up from the contract.
  public EdgeCases from(String goodV2Json) {
    return new EdgeCases(bench, kinds, List.of(inputs(goodV2Json)), strict);
  }

  /// Weak answers fail too: what only the engine refused, and numbers that are none where the contract promises nothing.
  public EdgeCases strict() {
    return new EdgeCases(bench, kinds, given, true);
  }

  /// One dynamic test for each case, for a method with `@TestFactory`.
  ///
  /// @param model `name` or `name/version`
  /// @throws AssertionFailedError when no good request is known to start from
  public Stream<DynamicTest> of(String model) {
    ModelVersion version = bench.version(model);
    var subject = new Subject(version.id().model(), version.id().version(), version.contract(), false);
    Plan plan = Plan.of(subject, base(subject, version), kinds);
    return plan.probes().stream().filter(probe -> canRun(probe.call())).map(probe -> test(subject, probe));
  }

  private static String here() {
    return Kind.labels().stream().filter(label -> Kind.find(label).stream().noneMatch(OF_HTTP::contains)).collect(Collectors.joining(", "));
  }

  private static boolean canRun(Call call) {
    return call.announcedBytes() < 0;
  }

  private DynamicTest test(Subject subject, Probe probe) {
    return DynamicTest.dynamicTest(probe.kind().label() + ": " + probe.title(), () -> judge(finding(subject, probe)));
  }

  private void judge(Finding finding) {
    switch (finding.rating()) {
      case WELL -> {}
      case WEAKLY -> {
        if (strict) {
          throw failure(finding);
        }
      }
      case BADLY -> throw failure(finding);
      case UNDECIDED -> throw new TestAbortedException(finding.found());
    }
  }

  private static AssertionFailedError failure(Finding finding) {
    var words = new StringBuilder(finding.probe().title() + ": " + finding.found());
    words.append("\n  expected: ").append(finding.probe().expected().name().toLowerCase(Locale.ROOT));
    for (Mend mend : finding.mends()) {
      words.append("\n  mend: ").append(mend.text());
    }
    return new AssertionFailedError(words.toString());
  }

  private Finding finding(Subject subject, Probe probe) {
    Call call = probe.call();
    Map<String, String> headers = call.headers().entrySet().stream().collect(Collectors.toMap(each -> each.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
    long start = System.nanoTime();
    Answer answer = client.infer(subject.model() + "/" + subject.version(), call.body(), headers);
    return Judge.judged(probe, answer.passage().arrival().id().value(), reply(answer, (System.nanoTime() - start) / 1_000_000));
  }

  private static Reply reply(Answer answer, long millis) {
    return switch (answer.outcome()) {
      case Outcome.Faulted faulted -> new Reply.Answered(answer.status(), answer.json(), header(faulted.occurrence(), Standing.FAULT), HeaderFault.NONE, millis);
      case Outcome.Served served -> new Reply.Answered(
          answer.status(), answer.json(), HeaderFault.NONE, served.suspicions().stream().findFirst().map(each -> header(each, Standing.SUSPICION)).orElse(HeaderFault.NONE), millis);
    };
  }

  private static HeaderFault header(Occurrence occurrence, Standing standing) {
    return HeaderFault.of(FaultHeader.of(occurrence, FaultContext.of(standing)));
  }

  /// The first request that is answered without objection.
  private Inputs base(Subject subject, ModelVersion version) {
    var tried = new ArrayList<String>();
    for (Inputs candidate : candidates(subject, version)) {
      Probe probe = Probe.of(Kind.ROUTE, "the request that cases are made from", Expected.ANSWERED, candidate.call(subject.inferPath()));
      Finding finding = finding(subject, probe);
      if (finding.rating() == Rating.WELL) {
        return candidate;
      }
      tried.add(finding.found());
    }
    throw new AssertionFailedError("no request is known that " + version.id() + " answers without objection, so no case would tell anything:\n  "
        + tried.stream().distinct().limit(5).collect(Collectors.joining("\n  "))
        + "\n  mend: give one with cases.from(json), or declare a golden one (warmup in contract.yaml)");
  }

  private List<Inputs> candidates(Subject subject, ModelVersion version) {
    if (!given.isEmpty()) {
      return given;
    }
    var candidates = new ArrayList<Inputs>();
    golden(version).ifPresent(inputs -> {
      candidates.add(inputs.changingAll(each -> inputs.rows().orElse(1L) > 1 ? each.rows(1) : each));
      candidates.add(inputs);
    });
    candidates.addAll(new Synthesis(subject).all());
    return candidates;
  }

  private static Optional<Inputs> golden(ModelVersion version) {
    return version.settings().warmUps().stream()
        .filter(WarmUp.Golden.class::isInstance)
        .map(each -> Inputs.of(FaultlineClient.request(Workbench.ref(version.id().toString()), ((WarmUp.Golden) each).inputs())))
        .findFirst();
  }

  private Inputs inputs(String goodV2Json) {
    try {
      return Inputs.of(client.decoded("", goodV2Json));
    } catch (FaultException e) {
      throw new IllegalArgumentException("the request to start from cannot be read: " + e.fault().summary() + " (expected: one in V2 JSON, as faultline explain and curl have it)", e);
    }
  }
}
