package dev.faultline.serving.model;

import dev.faultline.serving.backend.LoadException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// The models there are, their versions and states. Read by every request without a lock; each model is changed by one loader at a
/// time, so that several models can load at once.
public final class ModelRepository implements AutoCloseable {

  /// Hears of each candidate's new state, on the thread that loads it.
  @FunctionalInterface
  public interface Listener {
    void onState(ModelListing listing);
  }

  private record Slot(Found.OfModel found, ModelState state) {}

  private final ModelLoader loader;
  private final Listener listener;
  private final LongSupplier nanoClock;
  private final VersionNames named;
  private final ConcurrentMap<String, ConcurrentSkipListMap<String, Slot>> models = new ConcurrentHashMap<>();

  public ModelRepository(ModelLoader loader, Listener listener, LongSupplier nanoClock) {
    this(loader, listener, nanoClock, new VersionNames());
  }

  /// @param named what labels stand for, and which versions answer by default
  public ModelRepository(ModelLoader loader, Listener listener, LongSupplier nanoClock, VersionNames named) {
    this.loader = loader;
    this.listener = listener;
    this.nanoClock = nanoClock;
    this.named = named;
  }

  /// Takes a version in and loads it, or keeps why it must not be loaded. A name and version that is there already keeps its place.
  public ModelState add(Found.OfModel found) {
    var versions = models.computeIfAbsent(found.model(), _ -> new ConcurrentSkipListMap<>(VersionOrder.INSTANCE));
    synchronized (versions) {
      return add(found, versions);
    }
  }

  /// Loads a version from where it is found now, wherever it was loaded from before; the old one answers until the new one is ready.
  public ModelState replace(Found.OfModel found) {
    var versions = models.computeIfAbsent(found.model(), _ -> new ConcurrentSkipListMap<>(VersionOrder.INSTANCE));
    synchronized (versions) {
      return load(versions, found);
    }
  }

  private ModelState add(Found.OfModel found, ConcurrentSkipListMap<String, Slot> versions) {
    Slot there = versions.get(found.version());
    if (there != null && isElsewhere(there.found(), found)) {
      return new ModelState.Failed(
          "load.duplicate", "model '" + found.model() + "' version " + found.version() + " is served from '" + there.found().path() + "' already");
    }
    return load(versions, found);
  }

  /// Whether two places claim one name and version, and the first of them is still there.
  private static boolean isElsewhere(Found.OfModel there, Found.OfModel found) {
    return there instanceof Found.Candidate old && found instanceof Found.Candidate given && !old.versionFolder().equals(given.versionFolder()) && Files.exists(old.path());
  }

  /// Loads again what was unloaded, failed, or changed on disk; the old version answers until the new one is ready.
  ///
  /// @return empty when there is no such version
  public Optional<ModelState> reload(String model, String version) {
    var versions = versions(model);
    synchronized (versions) {
      return slot(model, version).map(slot -> load(versions, slot.found()));
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
        put(versions, found.found(), new ModelState.Unloaded(reason));
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
    return versions(model).values().stream()
        .flatMap(slot -> slot.found() instanceof Found.Candidate candidate ? Stream.of(candidate) : Stream.empty())
        .toList();
  }

  public List<String> names() {
    return models.keySet().stream().sorted().toList();
  }

  /// The state of a version, named by itself or by a label; a version's own name goes first.
  public Optional<ModelState> find(String model, String versionOrLabel) {
    return slot(model, versionOrLabel).or(() -> slot(model, named.labelled(model, versionOrLabel))).map(Slot::state);
  }

  /// What a version is called when it is asked for by itself or by a label; empty when there is none of that name.
  public Optional<String> resolve(String model, String versionOrLabel) {
    return slot(model, versionOrLabel).or(() -> slot(model, named.labelled(model, versionOrLabel))).map(slot -> slot.found().version());
  }

  public VersionNames versionNames() {
    return named;
  }

  /// Every name that may stand for a version of a model: the versions in order, then the labels.
  public List<String> versionsAndLabels(String model) {
    return Stream.concat(versions(model).keySet().stream(), named.of(model).labels().keySet().stream()).toList();
  }

  /// The version that answers when the caller leaves the choice: the model's default, and without one the highest that is ready. A default
  /// that is not ready has no stand-in, because nobody chose one.
  public Optional<ModelVersion> findDefault(String model) {
    String chosen = named.of(model).defaultVersion();
    return chosen.isEmpty() ? highestReady(model) : find(model, chosen).flatMap(ModelRepository::ready);
  }

  private static Optional<ModelVersion> ready(ModelState state) {
    return state instanceof ModelState.Ready(ModelVersion version, long _) ? Optional.of(version) : Optional.empty();
  }

  private Optional<ModelVersion> highestReady(String model) {
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

  private ModelState load(ConcurrentSkipListMap<String, Slot> versions, Found.OfModel found) {
    Slot before = versions.get(found.version());
    boolean answers = before != null && before.state() instanceof ModelState.Ready;
    if (!answers) {
      put(versions, found, new ModelState.Loading());
    }
    ModelState state = loaded(found);
    if (answers && state instanceof ModelState.Failed) {
      // a reload that fails leaves the version that works in its place
      listener.onState(listing(new Slot(found, state)));
      return state;
    }
    put(versions, found, state);
    if (before != null) {
      retire(before.state());
    }
    return state;
  }

  private ModelState loaded(Found.OfModel found) {
    return switch (found) {
      case Found.Candidate candidate -> loaded(candidate);
      case Found.Refused refused -> new ModelState.Failed(refused.code(), refused.reason());
    };
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

  private void put(ConcurrentSkipListMap<String, Slot> versions, Found.OfModel found, ModelState state) {
    var slot = new Slot(found, state);
    versions.put(found.version(), slot);
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
    return new ModelListing(slot.found().model(), slot.found().version(), slot.found().layout(), slot.found().path(), slot.state());
  }
}
