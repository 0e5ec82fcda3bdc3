package dev.faultline.junit;

import dev.faultline.backend.onnx.OnnxBackend;
import dev.faultline.contract.Contract;
import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.NearestName;
import dev.faultline.request.Arrival;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.ModelRef;
import dev.faultline.request.Outcome;
import dev.faultline.request.Payload;
import dev.faultline.request.Protocol;
import dev.faultline.request.RequestId;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.serving.Dispatcher;
import dev.faultline.serving.OccurrenceIds;
import dev.faultline.serving.Pipeline;
import dev.faultline.serving.backend.Limits;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelLoader;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import dev.faultline.serving.model.RepositoryScanner;
import dev.faultline.serving.model.SettingsReader;
import dev.faultline.serving.route.RepositoryRouter;
import dev.faultline.serving.stage.Codec;
import dev.faultline.serving.stage.ContractChecker;
import dev.faultline.serving.stage.ContractValidator;
import dev.faultline.serving.step.StepReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/// Models of one test class with the pipeline around them, as the server wires them, without ports, captures and metrics. Safe for use by tests
/// that run at once.
///
/// Longer than most because wiring is read in one place.
final class Workbench implements AutoCloseable {
  private static final int INSTANCES = 2;

  private final ModelRepository models;
  private final Dispatcher dispatcher;
  private final InstantSource clock = InstantSource.system();
  private final LongSupplier nanoClock = System::nanoTime;
  private final AtomicLong requests = new AtomicLong();

  private Workbench() {
    var settings = new SettingsReader(StepReader.withInstalledProviders());
    var loader = new ModelLoader(
        new OnnxBackend(),
        settings,
        (contract, _) -> new ContractValidator(contract, _ -> false),
        (contract, _) -> new ContractChecker(contract, _ -> false),
        Limits.standard(INSTANCES),
        nanoClock);
    models = new ModelRepository(loader, _ -> {}, nanoClock);
    var ids = new OccurrenceIds(clock, () -> ThreadLocalRandom.current().nextLong());
    dispatcher = new Dispatcher(new Pipeline(new RepositoryRouter(models, () -> false), _ -> {}, ids, nanoClock, clock));
  }

  /// Loads what is at the places.
  ///
  /// @param only `name` or `name/version` each; empty means all
  /// @throws ExtensionConfigurationException when a model that is wanted is not there, or does not become ready
  static Workbench open(List<Path> places, List<String> only) {
    var bench = new Workbench();
    try {
      bench.load(places, only);
      return bench;
    } catch (RuntimeException e) {
      bench.close();
      throw e;
    }
  }

  private void load(List<Path> places, List<String> only) {
    var scanner = new RepositoryScanner();
    List<Found> found = places.stream().flatMap(place -> scanner.scan(place).stream()).toList();
    List<Found.OfModel> versions = found.stream().filter(Found.OfModel.class::isInstance).map(Found.OfModel.class::cast).toList();
    if (versions.isEmpty()) {
      throw new ExtensionConfigurationException("there is no model at " + joined(places) + skipped(found));
    }
    only.forEach(wanted -> require(wanted, versions));
    versions.stream().filter(each -> only.isEmpty() || only.stream().anyMatch(wanted -> isMeant(wanted, each))).forEach(models::add);
    requireReady();
  }

  private static String joined(List<Path> places) {
    return String.join(", ", places.stream().map(Path::toString).toList());
  }

  private static String skipped(List<Found> found) {
    var reasons = new StringBuilder(found.isEmpty() ? ": nothing is there" : "");
    for (Found each : found) {
      if (each instanceof Found.Skipped(Path path, String reason)) {
        reasons.append("\n  ").append(path).append(": ").append(reason);
      }
    }
    return reasons.toString();
  }

  private static boolean isMeant(String wanted, Found.OfModel version) {
    return wanted.equals(version.model()) || wanted.equals(version.model() + "/" + version.version());
  }

  private static void require(String wanted, List<Found.OfModel> versions) {
    if (versions.stream().noneMatch(each -> isMeant(wanted, each))) {
      List<String> names = versions.stream().flatMap(each -> java.util.stream.Stream.of(each.model(), each.model() + "/" + each.version())).distinct().sorted().toList();
      throw new ExtensionConfigurationException("@FaultlineTest(only = \"" + wanted + "\"): there is no such model" + expected(wanted, names));
    }
  }

  private void requireReady() {
    var broken = new ArrayList<String>();
    for (ModelListing each : models.list()) {
      if (!(each.state() instanceof ModelState.Ready)) {
        broken.add(broken(each));
      }
    }
    if (!broken.isEmpty()) {
      throw new ExtensionConfigurationException(String.join("\n", broken) + "\n  mend: repair it, or choose others with only = \"name/version\"");
    }
  }

  private static String broken(ModelListing listing) {
    String reason = listing.state() instanceof ModelState.Failed(String code, String why) ? why + " (" + code + ")" : listing.state().reason();
    String what = "model '" + listing.model() + "' version " + listing.version();
    String place = reason.contains(listing.path().toString()) ? "" : "\n  at " + listing.path();
    return what + " is not ready: " + reason + place;
  }

  /// The version that answers a model written as `name` or `name/version`.
  ///
  /// @throws IllegalArgumentException when there is none
  ModelVersion version(String written) {
    return ready(ref(written)).orElseThrow(() -> new IllegalArgumentException("there is no model '" + written + "'" + expected(written, names())));
  }

  private Optional<ModelVersion> ready(ModelRef asked) {
    return asked.isPinned() ? models.find(asked.name(), asked.version()).flatMap(Workbench::ready) : models.findDefault(asked.name());
  }

  private static Optional<ModelVersion> ready(ModelState state) {
    return state instanceof ModelState.Ready(ModelVersion version, long _) ? Optional.of(version) : Optional.empty();
  }

  private List<String> names() {
    var names = new ArrayList<>(models.names());
    models.list().forEach(each -> names.add(each.model() + "/" + each.version()));
    return names;
  }

  private static String expected(String wanted, List<String> names) {
    return NearestName.of(wanted, names).map(near -> " (did you mean '" + near + "'?)").orElse(" (expected: one of " + String.join(", ", names) + ")");
  }

  static ModelRef ref(String written) {
    int slash = written.indexOf('/');
    return slash < 0 ? new ModelRef(written, "") : new ModelRef(written.substring(0, slash), written.substring(slash + 1));
  }

  Optional<Contract> contract(ModelRef asked) {
    return ready(asked).map(ModelVersion::contract);
  }

  /// What the classes of an output are called: as the version declares it, else as the last axis does.
  List<String> labels(ResolvedVersion resolved, String output) {
    Optional<ModelVersion> version = ready(new ModelRef(resolved.model(), resolved.version()));
    List<String> declared = version.map(found -> found.settings().labels().getOrDefault(output, List.of())).orElse(List.of());
    return declared.isEmpty() ? version.flatMap(found -> found.contract().findOutput(output)).map(TensorSpec::columns).orElse(List.of()) : declared;
  }

  /// One request through all stages.
  Outcome run(ModelRef model, Protocol protocol, Map<String, String> headers, Payload payload, Codec codec) {
    return dispatcher.dispatch(arrival(model, protocol, headers, payload), codec);
  }

  /// A request as it would come from the edge.
  Arrival arrival(ModelRef model, Protocol protocol, Map<String, String> headers, Payload payload) {
    var id = new RequestId("test-" + requests.incrementAndGet());
    String path = (protocol == Protocol.V1_REST ? "/v1/models/" : "/v2/models/") + model.name();
    return new Arrival(
        id, protocol, "POST", path, Map.of(), headers, "", "", "test", model, payload, nanoClock.getAsLong(), clock.instant(), Deadline.NEVER, Cancellation.NEVER);
  }

  @Override
  public void close() {
    models.close();
  }
}
