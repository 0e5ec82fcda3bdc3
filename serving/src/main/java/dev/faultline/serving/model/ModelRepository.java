package dev.faultline.serving.model;

import dev.faultline.serving.backend.LoadException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/// The models there are, their versions and states. Read by every request without a lock; each model is changed by one loader at a
/// time, so that several models can load at once.
public final class ModelRepository implements AutoCloseable {

  /// Hears of each candidate's new state, on the thread that loads it.
  @FunctionalInterface
  public interface Listener {
    void onState(ModelListing listing);
  }

  private record Slot(Found.Candidate candidate, ModelState state) {}

  private final ModelLoader loader;
  private final Listener listener;
  private final LongSupplier nanoClock;
  private final ConcurrentMap<String, ConcurrentSkipListMap<String, Slot>> models = new ConcurrentHashMap<>();

  public ModelRepository(ModelLoader loader, Listener listener, LongSupplier nanoClock) {
    this.loader = loader;
    this.listener = listener;
    this.nanoClock = nanoClock;
  }

  /// Takes the candidate in and loads it. A name and version that is there already keeps its place.
  public ModelState add(Found.Candidate candidate) {
    var versions = models.computeIfAbsent(candidate.model(), _ -> new ConcurrentSkipListMap<>(VersionOrder.INSTANCE));
    synchronized (versions) {
      return add(candidate, versions);
    }
  }

  private ModelState add(Found.Candidate candidate, ConcurrentSkipListMap<String, Slot> versions) {
    Slot there = versions.get(candidate.version());
    if (there != null && !there.candidate().path().equals(candidate.path())) {
      return new ModelState.Failed(
          "load.duplicate", "model '" + candidate.model() + "' version " + candidate.version() + " is served from '" + there.candidate().path() + "' already");
    }
    return load(versions, candidate);
  }

  /// Loads again what was unloaded, failed, or changed on disk; the old version answers until the new one is ready.
  ///
  /// @return empty when there is no such version
  public Optional<ModelState> reload(String model, String version) {
    var versions = versions(model);
    synchronized (versions) {
      return slot(model, version).map(slot -> load(versions, slot.candidate()));
    }
  }

  /// Takes a version out of service. Requests under way end first.
  ///
  /// @return false when there is no such version
  public boolean unload(String model, String version, String reason) {
    var versions = versions(model);
    synchronized (versions) {
      Optional<Slot> slot = slot(model, version);
      slot.ifPresent(found -> {
        put(versions, found.candidate(), new ModelState.Unloaded(reason));
        retire(found.state());
      });
      return slot.isPresent();
    }
  }

  /// All versions in order; a model without versions is not listed.
  public List<ModelListing> list() {
    var listings = new ArrayList<ModelListing>();
    for (var entry : new TreeMap<>(models).entrySet()) {
      entry.getValue().forEach((version, slot) -> listings.add(listing(slot)));
    }
    return listings;
  }

  public List<ModelListing> list(String model) {
    return versions(model).values().stream().map(ModelRepository::listing).toList();
  }

  /// All versions of a model in order with the files they are loaded from, whatever their state.
  public List<Found.Candidate> candidates(String model) {
    return versions(model).values().stream().map(Slot::candidate).toList();
  }

  public List<String> names() {
    return models.keySet().stream().sorted().toList();
  }

  public Optional<ModelState> find(String model, String version) {
    return slot(model, version).map(Slot::state);
  }

  /// The version that answers when the caller leaves the choice: the highest that is ready.
  public Optional<ModelVersion> findDefault(String model) {
    for (Slot slot : versions(model).descendingMap().values()) {
      if (slot.state() instanceof ModelState.Ready(ModelVersion version, long _)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    for (ModelListing listing : list()) {
      unload(listing.model(), listing.version(), "the server is shutting down");
    }
  }

  private ModelState load(ConcurrentSkipListMap<String, Slot> versions, Found.Candidate candidate) {
    Slot before = versions.get(candidate.version());
    boolean answers = before != null && before.state() instanceof ModelState.Ready;
    if (!answers) {
      put(versions, candidate, new ModelState.Loading());
    }
    ModelState state = loaded(candidate);
    if (answers && state instanceof ModelState.Failed) {
      // a reload that fails leaves the version that works in its place
      listener.onState(new ModelListing(candidate.model(), candidate.version(), candidate.path(), state));
      return state;
    }
    put(versions, candidate, state);
    if (before != null) {
      retire(before.state());
    }
    return state;
  }

  private ModelState loaded(Found.Candidate candidate) {
    long start = nanoClock.getAsLong();
    try {
      ModelVersion version = loader.load(candidate);
      return new ModelState.Ready(version, (nanoClock.getAsLong() - start) / 1_000_000);
    } catch (LoadException e) {
      return new ModelState.Failed(e.code(), String.valueOf(e.getMessage()));
    }
  }

  private void put(ConcurrentSkipListMap<String, Slot> versions, Found.Candidate candidate, ModelState state) {
    var slot = new Slot(candidate, state);
    versions.put(candidate.version(), slot);
    listener.onState(listing(slot));
  }

  private static void retire(ModelState state) {
    if (state instanceof ModelState.Ready(ModelVersion version, long _)) {
      version.retire();
    }
  }

  private Optional<Slot> slot(String model, String version) {
    return Optional.ofNullable(versions(model).get(version));
  }

  private ConcurrentSkipListMap<String, Slot> versions(String model) {
    var versions = models.get(model);
    return versions == null ? new ConcurrentSkipListMap<>(VersionOrder.INSTANCE) : versions;
  }

  private static ModelListing listing(Slot slot) {
    return new ModelListing(slot.candidate().model(), slot.candidate().version(), slot.candidate().path(), slot.state());
  }
}
