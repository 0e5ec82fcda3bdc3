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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// The model repository as Triton's extension lets callers see and change it.
public final class RepositoryControl {
  private final ModelRepository models;
  private final ModelLookup lookup;
  private final List<Path> places;
  private final RepositoryScanner scanner = new RepositoryScanner();

  /// @param places the model repositories, looked through again at each load
  public RepositoryControl(ModelRepository models, ModelLookup lookup, List<Path> places) {
    this.models = models;
    this.lookup = lookup;
    this.places = List.copyOf(places);
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
  /// @param parameters names of the parameters that came with the call
  public void load(String model, Set<String> parameters) throws Refusal {
    for (String name : parameters) {
      throw new Refusal(Kind.UNIMPLEMENTED, "load parameter '" + name + "' is not supported; models load as their repository declares them");
    }
    List<Found.Candidate> candidates = candidates(model);
    if (candidates.isEmpty()) {
      lookup.known(model, "");
      throw new Refusal(Kind.NOT_FOUND, "the files of model '" + model + "' are gone from " + places + "; put them back, or unload the model");
    }
    var failures = new ArrayList<String>();
    for (Found.Candidate candidate : candidates) {
      if (models.add(candidate) instanceof ModelState.Failed failed) {
        failures.add("version " + candidate.version() + ": " + failed.reason());
      }
    }
    unloadMissing(model, candidates);
    if (!failures.isEmpty()) {
      throw new Refusal(Kind.INTERNAL, "failed to load '" + model + "', " + String.join("; ", failures));
    }
  }

  public void unload(String model) throws Refusal {
    for (ModelListing listing : lookup.known(model, "")) {
      models.unload(model, listing.version(), "unloaded");
    }
  }

  private void unloadMissing(String model, List<Found.Candidate> candidates) {
    Set<String> there = candidates.stream().map(Found.Candidate::version).collect(Collectors.toCollection(TreeSet::new));
    for (ModelListing listing : models.list(model)) {
      if (!there.contains(listing.version())) {
        models.unload(model, listing.version(), "its files are gone");
      }
    }
  }

  private List<Found.Candidate> candidates(String model) {
    var candidates = new ArrayList<Found.Candidate>();
    for (Path place : places) {
      for (Found found : scanner.scan(place)) {
        if (found instanceof Found.Candidate candidate && candidate.model().equals(model)) {
          candidates.add(candidate);
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
