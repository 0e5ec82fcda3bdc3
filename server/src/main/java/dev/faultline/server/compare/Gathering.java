package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureStore;
import dev.faultline.contract.Contract;
import dev.faultline.isolation.Sightings;
import dev.faultline.isolation.attribute.Sighting;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.Protocol;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.investigate.Specimens;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelRepository;
import dev.faultline.serving.model.ModelState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/// Reads the kept requests of a selection from the capture store and decodes them as the contracts of their versions name their fields. Runs
/// and loads nothing. Serves one comparison.
///
/// Requests of a model that is not loaded are read without a contract, which all but V1's records can do without.
final class Gathering {
  /// Captures that are in memory whole at once, besides the store's own bound in bytes.
  private static final int PAGE_MAX = 250;
  private static final Contract NO_CONTRACT = new Contract(List.of(), List.of(), List.of(), List.of(), List.of());

  private final CaptureStore store;
  private final ModelRepository models;
  private final BooleanSupplier cancelled;
  private final Map<ResolvedVersion, Optional<Contract>> readers = new HashMap<>();

  Gathering(CaptureStore store, ModelRepository models, BooleanSupplier cancelled) {
    this.store = store;
    this.models = models;
    this.cancelled = cancelled;
  }

  /// The newest requests of a selection, at most `limit`. `progress` hears how many there are so far.
  Side side(Selection of, Sighting.Side side, int limit, IntConsumer progress) {
    var seen = new ArrayList<Seen>();
    boolean more = false;
    for (CaptureQuery query : of.queries()) {
      more |= read(query, of, side, limit, seen, progress);
    }
    seen.sort(Comparator.comparing(Seen::id).reversed());
    return new Side(of, seen.subList(0, Math.min(limit, seen.size())), 0, more || seen.size() > limit);
  }

  private boolean read(CaptureQuery query, Selection of, Sighting.Side side, int limit, List<Seen> seen, IntConsumer progress) {
    int end = seen.size() + limit;
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && seen.size() < end && !cancelled.getAsBoolean()) {
      CapturePage page = store.query(query.after(cursor.get()).limit(Math.min(PAGE_MAX, end - seen.size())));
      for (Capture capture : page.items()) {
        Seen one = seen(capture, side);
        if (of.clauses().stream().allMatch(clause -> clause.holds(one.sighting()))) {
          seen.add(one);
        }
      }
      progress.accept(seen.size());
      cursor = page.next();
    }
    return cursor.isPresent();
  }

  private Seen seen(Capture capture, Sighting.Side side) {
    Optional<Contract> reader = readers.computeIfAbsent(capture.version(), this::reader);
    boolean decodes = reader.isPresent() || !capture.call().protocol().equals(Protocol.V1_REST.label());
    Specimen specimen = decodes ? Specimens.of(capture, reader.orElse(NO_CONTRACT)) : Specimens.undecoded(capture);
    return new Seen(capture.summary(), new Sightings(reader.orElse(NO_CONTRACT)).of(specimen, side), specimen.request().isPresent());
  }

  /// The version's own contract when it names columns, else the newest that does, so that a version that names none is read like the others.
  private Optional<Contract> reader(ResolvedVersion version) {
    Optional<Contract> own = models.find(version.model(), version.version()).flatMap(Gathering::ready);
    List<Contract> ready = models.list(version.model()).reversed().stream().map(ModelListing::state).flatMap(state -> ready(state).stream()).toList();
    return own.filter(Gathering::namesColumns).or(() -> ready.stream().filter(Gathering::namesColumns).findFirst()).or(() -> own).or(() -> ready.stream().findFirst());
  }

  private static Optional<Contract> ready(ModelState state) {
    return state instanceof ModelState.Ready(var version, long _) ? Optional.of(version.contract()) : Optional.empty();
  }

  private static boolean namesColumns(Contract contract) {
    return contract.inputs().stream().anyMatch(input -> !input.columns().isEmpty());
  }
}
