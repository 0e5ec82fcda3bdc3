package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.capture.Capture;
import dev.faultline.capture.CapturePage;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import dev.faultline.capture.CaptureStore;
import dev.faultline.capture.CapturedFault;
import dev.faultline.fault.Fault;
import dev.faultline.protocol.DetailLevel;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.Keeper;
import dev.faultline.server.keep.Kept;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `faults`: what went wrong, newest first. First come those in memory, which are there the moment their answer is sent, then those of
/// the capture store that are not in memory any more.
///
/// A cursor says in which of the two the page ended, and where. Faults that leave memory between two pages may come twice; none is
/// left out. Longer than most because the two sources and the seam between them are one idea.
final class FaultsEndpoint {
  private static final List<String> FILTERS = List.of("model", "version", "code", "stage", "blame", "group", "suspicion");
  private static final List<By> STORED_FILTERS = List.of(By.MODEL, By.VERSION, By.CODE, By.STAGE, By.BLAME, By.GROUP);
  private static final String IN_MEMORY = "m:";
  private static final String STORED = "s:";
  /// Pages of the store looked through for one page of the list, so that a filter that nothing meets ends.
  private static final int STORE_PAGES_MAX = 20;

  private final Keeper keeper;
  private final CaptureStore store;
  private final Verdicts verdicts;

  FaultsEndpoint(Keeper keeper, CaptureStore store, Verdicts verdicts) {
    this.keeper = keeper;
    this.store = store;
    this.verdicts = verdicts;
  }

  Answer list(Call call) {
    Query query = Query.of(call, FILTERS);
    refuseUnknownSuspicion(query);
    if (query.cursor().startsWith(STORED)) {
      return Json.answer(stored(query, query.cursor().substring(STORED.length()), List.of()).document());
    }
    if (!query.cursor().isEmpty() && !query.cursor().startsWith(IN_MEMORY)) {
      throw Refusal.badRequest("parameter 'cursor' is '" + query.cursor() + "' (expected: the 'next' of the page before)");
    }
    List<Kept> found = inMemory(query);
    if (found.size() > query.limit()) {
      List<Kept> page = found.subList(0, query.limit());
      return Json.answer(new Page(documents(page), IN_MEMORY + page.getLast().occurrence().id()).document());
    }
    return Json.answer(stored(query, "", documents(found)).document());
  }

  Answer one(Call call) {
    Query.none(call);
    String id = call.variable("id");
    return keeper.find(id)
        .<JsonNode>map(kept -> kept.document(DetailLevel.INTERNAL))
        .or(() -> inStore(id))
        .map(document -> Json.answer(withVerdict(document, id)))
        .orElseThrow(() -> Refusal.notFound("there is no fault '" + id + "' (expected: an id such as flt_01JDA3X9M4Q8T2; old ones go with their captures)"));
  }

  /// The fault's own verdict, otherwise its group's.
  private JsonNode withVerdict(JsonNode document, String id) {
    Optional<JsonNode> verdict = verdicts.find(id).or(() -> verdicts.find(document.path("group").asText("")));
    return ((ObjectNode) document).set("verdict", verdict.orElse(null));
  }

  private Optional<JsonNode> inStore(String id) {
    return store.findByFault(id).stream()
        .flatMap(capture -> capture.faults().stream())
        .filter(fault -> fault.id().equals(id))
        .map(fault -> Json.tree(fault.document()))
        .findFirst();
  }

  private List<Kept> inMemory(Query query) {
    String after = query.cursor().isEmpty() ? "~" : query.cursor().substring(IN_MEMORY.length());
    return keeper.recent().stream()
        .filter(kept -> kept.occurrence().id().compareTo(after) < 0 && matches(kept, query))
        .sorted((a, b) -> b.occurrence().id().compareTo(a.occurrence().id()))
        .toList();
  }

  private static List<JsonNode> documents(List<Kept> kept) {
    return kept.stream().<JsonNode>map(each -> each.document(DetailLevel.INTERNAL)).toList();
  }

  private static boolean matches(Kept kept, Query query) {
    Fault fault = kept.occurrence().fault();
    return query.allows(kept.occurrence().occurredAt())
        && query.allows("model", kept.passage().version().model())
        && query.allows("version", kept.passage().version().version())
        && query.allows("code", fault.code().label())
        && query.allows("stage", fault.stage().name())
        && query.allows("blame", fault.blame().name())
        && query.allows("group", kept.context().group())
        && query.allows("suspicion", String.valueOf(kept.context().isSuspicion()));
  }

  /// A place in the store: a capture and how many of its faults have been given. The cursor of a query is exclusive, so that a capture
  /// given in part is asked for again by what sorts right behind its id.
  private record Place(String capture, int given) {
    static Place of(String cursor) {
      int dot = cursor.lastIndexOf('.');
      boolean sound = dot > 0 && cursor.substring(dot + 1).matches("\\d{1,4}");
      if (!cursor.isEmpty() && !sound) {
        throw Refusal.badRequest("parameter 'cursor' is 's:" + cursor + "' (expected: the 'next' of the page before)");
      }
      return sound ? new Place(cursor.substring(0, dot), Integer.parseInt(cursor.substring(dot + 1))) : new Place("", 0);
    }

    String from() {
      return capture.isEmpty() ? "" : capture + "0";
    }

    String cursor() {
      return STORED + capture + "." + given;
    }
  }

  private Page stored(Query query, String cursor, List<JsonNode> before) {
    var items = new ArrayList<>(before);
    Place place = Place.of(cursor);
    String from = place.from();
    for (int i = 0; i < STORE_PAGES_MAX; i++) {
      Faults faults = read(query, from);
      for (Capture capture : faults.captures) {
        int skip = capture.id().equals(place.capture()) ? place.given() : 0;
        for (int at = skip; at < capture.faults().size(); at++) {
          if (items.size() == query.limit()) {
            return new Page(items, place.cursor());
          }
          add(capture, capture.faults().get(at), query, items);
          place = new Place(capture.id(), at + 1);
        }
      }
      if (faults.next.isEmpty()) {
        return new Page(items, "");
      }
      from = faults.next;
    }
    return new Page(items, place.cursor());
  }

  private void add(Capture capture, CapturedFault fault, Query query, List<JsonNode> items) {
    boolean given = keeper.find(fault.id()).isPresent();
    boolean matches = query.allows("code", fault.code())
        && query.allows("stage", fault.stage())
        && query.allows("blame", fault.blame())
        && query.allows("group", fault.group())
        && query.allows(capture.at());
    if (matches && !given) {
      items.add(Json.tree(fault.document()));
    }
  }

  private record Faults(List<Capture> captures, String next) {}

  /// Faults and suspicions, which are two kinds of captures, as one list; what one kind has beyond the end of the other's page waits
  /// for the next.
  private Faults read(Query query, String from) {
    Optional<String> suspicion = query.filter("suspicion");
    if (suspicion.isPresent()) {
      CapturePage page = store.query(asked(query, from, suspicion.get().equals("true") ? Capture.Kind.SUSPICION : Capture.Kind.FAULT));
      return new Faults(page.items(), page.nextCursor());
    }
    CapturePage faults = store.query(asked(query, from, Capture.Kind.FAULT));
    CapturePage suspicions = store.query(asked(query, from, Capture.Kind.SUSPICION));
    String end = later(faults.nextCursor(), suspicions.nextCursor());
    var both = new ArrayList<>(faults.items());
    both.addAll(suspicions.items());
    both.removeIf(capture -> capture.id().compareTo(end) < 0);
    both.sort((a, b) -> b.id().compareTo(a.id()));
    return new Faults(both, end);
  }

  private static String later(String one, String other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private static CaptureQuery asked(Query query, String from, Capture.Kind kind) {
    CaptureQuery asked = CaptureQuery.all().where(By.KIND, kind.name()).since(query.since()).until(query.until()).after(from);
    for (By by : STORED_FILTERS) {
      Optional<String> value = query.filter(by.label());
      asked = value.isPresent() ? asked.where(by, value.get()) : asked;
    }
    return asked;
  }

  private static void refuseUnknownSuspicion(Query query) {
    String suspicion = query.filter("suspicion").orElse("true");
    if (!suspicion.equals("true") && !suspicion.equals("false")) {
      throw Refusal.badRequest("parameter 'suspicion' is '" + suspicion + "' (expected: true or false)");
    }
  }
}
