package dev.faultline.server.replay;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CapturedFault;
import dev.faultline.capture.Redaction;
import dev.faultline.fault.Fault;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.investigate.Specimens;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the kept requests that an order asks for: in the capture store, and in memory, where a fault is whole even when redaction or the
/// caller kept it from being stored whole.
final class KeptRequests {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern ASKED = Pattern.compile("/v[12]/models/([^/:?]+)(?:/versions/([^/:?]+))?[/:?].*");

  private final Keeper keeper;
  private final CaptureStore store;
  private final Replayer replayer;

  KeptRequests(Keeper keeper, CaptureStore store, Replayer replayer) {
    this.keeper = keeper;
    this.store = store;
    this.replayer = replayer;
  }

  /// Where a kept request is, without its body. `capture` or `fault` may be empty, not both.
  record Place(String capture, String fault, ResolvedVersion version) {}

  /// The newest requests that are asked for, those of one version together, so that each version is loaded once.
  List<Place> list(ReplayOrder order) {
    Map<String, Place> places = new LinkedHashMap<>();
    stored(order).forEach(capture -> places.put(capture.id(), new Place(capture.id(), "", capture.version())));
    inMemory(order).forEach(kept -> places.computeIfAbsent(key(kept), _ -> new Place("", kept.occurrence().id(), kept.passage().version())));
    return places.values().stream()
        .limit(order.limit())
        .sorted(Comparator.comparing((Place place) -> place.version().toString()))
        .toList();
  }

  /// Empty when it has gone with the oldest meanwhile.
  Optional<KeptRequest> read(Place place, ReplayOrder order) {
    return place.capture().isEmpty() ? keeper.find(place.fault()).map(this::inMemory) : store.find(place.capture()).map(capture -> stored(capture, order));
  }

  private static String key(Kept kept) {
    return kept.context().capture().isEmpty() ? kept.occurrence().id() : kept.context().capture();
  }

  private List<Capture> stored(ReplayOrder order) {
    return switch (order.scope()) {
      case FAULT -> store.findByFault(order.id()).map(Capture::summary).stream().toList();
      case CAPTURE -> store.find(order.id()).map(Capture::summary).stream().toList();
      case GROUP -> summaries(CaptureQuery.all().where(By.GROUP, order.id()), order.limit());
      case ALL -> summaries(order.model().isEmpty() ? CaptureQuery.all() : CaptureQuery.all().where(By.MODEL, order.model()), order.limit());
    };
  }

  private List<Capture> summaries(CaptureQuery query, int limit) {
    var found = new ArrayList<Capture>();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && found.size() < limit) {
      CapturePage page = store.query(query.after(cursor.get()).limit(limit - found.size()));
      found.addAll(page.items());
      cursor = page.next();
    }
    return found;
  }

  private List<Kept> inMemory(ReplayOrder order) {
    return switch (order.scope()) {
      case FAULT -> keeper.find(order.id()).stream().toList();
      case CAPTURE -> keeper.recent().stream().filter(kept -> kept.context().capture().equals(order.id())).toList();
      case GROUP -> keeper.recent().stream().filter(kept -> kept.context().group().equals(order.id())).toList();
      case ALL -> keeper.recent().stream().filter(kept -> order.model().isEmpty() || kept.passage().model().equals(order.model())).toList();
    };
  }

  private KeptRequest inMemory(Kept kept) {
    Fault fault = kept.occurrence().fault();
    var shown = new Shown(kept.occurrence().id(), fault.code().label(), fault.summary());
    var arrival = kept.passage().arrival();
    ResolvedVersion version = met(kept.passage().version(), arrival.path());
    return new KeptRequest(kept.context().capture(), List.of(shown), arrival, version, "", arrival.payload().length(), KeptRequest.Body.WHOLE);
  }

  private KeptRequest stored(Capture capture, ReplayOrder order) {
    List<Shown> faults = capture.faults().stream().filter(fault -> isAsked(fault, order)).map(KeptRequests::shown).toList();
    ResolvedVersion version = met(capture.version(), capture.call().path());
    Optional<Kept> whole = capture.faults().stream().flatMap(fault -> keeper.find(fault.id()).stream()).findFirst();
    return whole
        .map(kept -> new KeptRequest(capture.id(), faults, kept.passage().arrival(), version, capture.passageJson(), capture.payloadBytes(), KeptRequest.Body.WHOLE))
        .orElseGet(() -> new KeptRequest(
            capture.id(), faults, Specimens.arrival(capture, version), version, capture.passageJson(), capture.payloadBytes(), body(capture)));
  }

  private static KeptRequest.Body body(Capture capture) {
    if (capture.payload().contentType().equals(Redaction.WITHHELD)) {
      return KeptRequest.Body.WITHHELD;
    }
    return capture.redacted() ? KeptRequest.Body.REDACTED : KeptRequest.Body.WHOLE;
  }

  private static boolean isAsked(CapturedFault fault, ReplayOrder order) {
    return switch (order.scope()) {
      case FAULT -> fault.id().equals(order.id());
      case GROUP -> fault.group().equals(order.id());
      case CAPTURE, ALL -> true;
    };
  }

  private static Shown shown(CapturedFault fault) {
    return new Shown(fault.id(), fault.code(), tree(fault.document()).path("summary").asText());
  }

  /// A request that failed before ROUTE would have gone to the version that its path pins, else to the newest.
  private ResolvedVersion met(ResolvedVersion version, String path) {
    Matcher asked = ASKED.matcher(path);
    if (!version.isNone() || !asked.matches()) {
      return version;
    }
    List<String> versions = replayer.versions(asked.group(1));
    String pinned = asked.group(2) == null ? "" : asked.group(2);
    String likely = pinned.isEmpty() && !versions.isEmpty() ? versions.getLast() : pinned;
    return likely.isEmpty() ? ResolvedVersion.NONE : new ResolvedVersion(asked.group(1), likely, "");
  }

  static JsonNode tree(String json) {
    try {
      return MAPPER.readTree(json.isEmpty() ? "{}" : json);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("the capture store holds a document that is not JSON", e);
    }
  }
}
