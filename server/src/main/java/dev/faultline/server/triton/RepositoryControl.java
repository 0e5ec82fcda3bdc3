package dev.faultline.server.triton;

import dev.faultline.protocol.inference.RepositoryIndexResponse;
import dev.faultline.protocol.inference.RepositoryIndexResponse.ModelIndex;
import dev.faultline.server.triton.Refusal.Kind;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.RepositoryScanner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The model repository as Triton's extension lets callers see and change it.
public final class RepositoryControl {
  private final ModelRepository models;
  private final ModelLookup lookup;
  private final List<Path> places;
  private final GivenFolders given;
  private final RepositoryScanner scanner;

  /// @param places the model repositories, looked through again at each load
  /// @param scratch a folder for what comes with load calls
  public RepositoryControl(ModelRepository models, ModelLookup lookup, List<Path> places, RepositoryScanner scanner, Path scratch) {
    this.models = models;
    this.lookup = lookup;
    this.places = List.copyOf(places);
    this.scanner = scanner;
    this.given = new GivenFolders(scratch);
  }

  public RepositoryIndexResponse index(boolean readyOnly) {
    var response = RepositoryIndexResponse.newBuilder();
    for (ModelListing listing : models.list()) {
      if (!readyOnly || listing.state() instanceof ModelState.Ready) {
        response.addModels(entry(listing));
      }
    }
    return response.build();
  }

  /// Loads every version of a model that its repository holds now, and takes those out of service that it holds no longer. A version that
  /// answers goes on until its successor is ready, or for good when that does not load.
  ///
  /// @param parameters that came with the call, see [GivenFolders]; without any the model loads as its repository declares it
  public void load(String model, Map<String, String> parameters) throws Refusal {
    List<Found.OfModel> known = candidates(model, scanner, places);
    if (parameters.isEmpty()) {
      load(model, known);
      given.forget(model);
      return;
    }
    Path repository = given.make(model, known, parameters);
    boolean loaded = false;
    try {
      List<Found.OfModel> found = candidates(model, new RepositoryScanner(), List.of(repository));
      if (found.isEmpty()) {
        throw new Refusal(Kind.INVALID_ARGUMENT, "what came with the load of '" + model + "' holds no version of it (expected: 'file:1/model.onnx', and a version_policy that serves it)");
      }
      load(model, found);
      loaded = true;
    } finally {
      if (loaded) {
        given.use(model, repository);
      } else if (models.list(model).stream().noneMatch(listing -> listing.path().startsWith(repository) && listing.state() instanceof ModelState.Ready)) {
        GivenFolders.remove(repository);
      }
    }
  }

  /// Loads one version as its repository holds it now; where that has no such version, as it was loaded before.
  ///
  /// @return empty when there is no such version
  public Optional<ModelState> load(String model, String version) {
    return candidates(model, scanner, places).stream()
        .filter(found -> found.version().equals(version))
        .findFirst()
        .map(models::replace)
        .or(() -> models.reload(model, version));
  }

  private void load(String model, List<Found.OfModel> found) throws Refusal {
    if (found.isEmpty()) {
      lookup.known(model, "");
      throw new Refusal(Kind.NOT_FOUND, "the files of model '" + model + "' are gone from " + places + "; put them back, or unload the model");
    }
    var failures = new ArrayList<String>();
    var seen = new TreeSet<String>();
    for (Found.OfModel each : found) {
      // two places may claim one version; the first has it
      ModelState state = seen.add(each.version()) ? models.replace(each) : models.add(each);
      if (state instanceof ModelState.Failed failed) {
        failures.add("version " + each.version() + ": " + failed.reason() + " (" + failed.code() + ")");
      }
    }
    unloadMissing(model, found);
    if (!failures.isEmpty()) {
      throw new Refusal(Kind.INTERNAL, "failed to load '" + model + "', " + String.join("; ", failures));
    }
  }

  public void unload(String model) throws Refusal {
    for (ModelListing listing : lookup.known(model, "")) {
      models.unload(model, listing.version(), "unloaded");
    }
  }

  private void unloadMissing(String model, List<Found.OfModel> candidates) {
    Set<String> there = candidates.stream().map(Found.OfModel::version).collect(Collectors.toCollection(TreeSet::new));
    for (ModelListing listing : models.list(model)) {
      if (!there.contains(listing.version())) {
        models.unload(model, listing.version(), "its repository does not serve it any more");
      }
    }
  }

  /// The name is compared with what the scan found: it never becomes a path.
  private static List<Found.OfModel> candidates(String model, RepositoryScanner scanner, List<Path> in) {
    var candidates = new ArrayList<Found.OfModel>();
    for (Path place : in) {
      for (Found found : scanner.scan(place)) {
        if (found instanceof Found.OfModel version && version.model().equals(model)) {
          candidates.add(version);
        }
      }
    }
    return candidates;
  }

  private static ModelIndex entry(ModelListing listing) {
    return ModelIndex.newBuilder()
        .setName(listing.model())
        .setVersion(listing.version())
        .setState(listing.state().label())
        .setReason(reason(listing.state()))
        .build();
  }

  private static String reason(ModelState state) {
    return state instanceof ModelState.Failed(String code, String reason) ? reason + " (" + code + ")" : state.reason();
  }
}
