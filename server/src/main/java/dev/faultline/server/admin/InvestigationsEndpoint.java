package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.Over;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.http.RequestBody.Reading;
import dev.faultline.server.investigate.Investigations;
import dev.faultline.server.investigate.Ticket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// `investigations`: asked for with POST, followed with GET until they are over, taken back with DELETE.
final class InvestigationsEndpoint {
  private static final long BODY_BYTES_MAX = 64 << 10;
  private static final Duration BODY_TIMEOUT = Duration.ofSeconds(10);
  private static final Set<String> MEMBERS = Set.of("fault", "group", "over", "budget");
  private static final Set<String> BUDGET = Set.of("replays", "millis");
  private static final long REPLAYS_MAX = 10_000;
  private static final long MILLIS_MAX = 600_000;

  private final Investigations investigations;
  private final FaultGroups groups;

  InvestigationsEndpoint(Investigations investigations, FaultGroups groups) {
    this.investigations = investigations;
    this.groups = groups;
  }

  Answer start(Call call) {
    Query.none(call);
    JsonNode asked = body(call);
    requireOnly(asked, MEMBERS, "the request");
    JsonNode budget = asked.path("budget");
    requireOnly(budget, BUDGET, "'budget'");
    String fault = text(asked, "fault");
    String group = text(asked, "group");
    if (fault.isEmpty() == group.isEmpty()) {
      throw Refusal.badRequest("the request names " + (fault.isEmpty() ? "nothing to investigate" : "a fault and a group") + " (expected: {\"fault\":\"flt_...\"} or {\"group\":\"FL-17\"})");
    }
    requireKnown(fault, group);
    Optional<Over> over = over(text(asked, "over"));
    int replays = (int) whole(budget, "replays", investigations.settings().replaysMax(), REPLAYS_MAX);
    long millis = whole(budget, "millis", investigations.settings().millisMax(), MILLIS_MAX);
    Ticket ticket = investigations.start(fault, group, over, replays, millis)
        .orElseThrow(() -> Refusal.busy("too many investigations wait already (mend: wait for some of them, or take some back with DELETE)"));
    Payload payload = Payload.of(Json.bytes(ticket.document()), "application/json");
    return Answer.of(202, payload).with("Location", AdminRoutes.PREFIX + "/investigations/" + ticket.id());
  }

  Answer list(Call call) {
    Query query = Query.of(call, List.of("group", "fault", "state"));
    List<ObjectNode> matching = investigations.list().stream().map(Ticket::document).filter(document -> matches(document, query)).toList();
    int from = 0;
    for (int i = 0; i < matching.size() && !query.cursor().isEmpty(); i++) {
      from = matching.get(i).path("id").asText().equals(query.cursor()) ? i + 1 : from;
    }
    int to = Math.min(matching.size(), from + query.limit());
    List<JsonNode> items = matching.subList(from, to).stream().<JsonNode>map(each -> each).toList();
    return Json.answer(new Page(items, to < matching.size() ? matching.get(to - 1).path("id").asText() : "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(ticket(call).document());
  }

  Answer cancel(Call call) {
    Query.none(call);
    Ticket ticket = ticket(call);
    if (!investigations.cancel(ticket)) {
      throw Refusal.conflict("investigation '" + ticket.id() + "' is over: " + ticket.state());
    }
    return Json.answer(ticket.document());
  }

  private Ticket ticket(Call call) {
    String id = call.variable("id");
    return investigations.find(id).orElseThrow(() -> Refusal.notFound("there is no investigation '" + id + "' (expected: an id such as inv_...; old ones make room)"));
  }

  private void requireKnown(String fault, String group) {
    if (!group.isEmpty() && groups.find(group).isEmpty()) {
      throw Refusal.notFound("there is no group '" + group + "' (expected: an id such as FL-17)");
    }
    if (!fault.isEmpty() && !investigations.knows(fault)) {
      throw Refusal.notFound("there is no fault '" + fault + "' (expected: an id such as flt_01JDA3X9M4Q8T2; old ones go with their captures)");
    }
  }

  private static Optional<Over> over(String name) {
    Optional<Over> over = Arrays.stream(Over.values()).filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name)).findFirst();
    if (over.isEmpty() && !name.isEmpty()) {
      throw Refusal.badRequest("'over' is '" + name + "' (expected: versions, input, node or ort; without it all is looked at)");
    }
    return over;
  }

  private static boolean matches(ObjectNode document, Query query) {
    return query.allows("group", document.path("group").asText()) && query.allows("fault", document.path("fault").asText()) && query.allows("state", document.path("state").asText());
  }

  private static JsonNode body(Call call) {
    return switch (call.body().read(BODY_BYTES_MAX, BODY_TIMEOUT)) {
      case Reading.Whole(Payload body) -> Json.object(body);
      case Reading.TooLarge _ -> throw Refusal.badRequest("the request is larger than " + BODY_BYTES_MAX + " bytes");
      case Reading.Malformed(String reason) -> throw Refusal.badRequest("the body's framing is broken: " + reason);
      case Reading.Left _ -> throw Refusal.badRequest("the body did not arrive");
    };
  }

  private static void requireOnly(JsonNode object, Set<String> known, String what) {
    if (!object.isMissingNode() && !object.isObject()) {
      throw Refusal.badRequest(what + " is no JSON object");
    }
    object.fieldNames().forEachRemaining(name -> {
      if (!known.contains(name)) {
        throw Refusal.badRequest(what + " has a member '" + name + "' (expected: " + String.join(", ", known.stream().sorted().toList()) + ")");
      }
    });
  }

  private static String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    if (!value.isMissingNode() && !value.isTextual()) {
      throw Refusal.badRequest("'" + name + "' is " + value + " (expected: a text)");
    }
    return value.asText("");
  }

  private static long whole(JsonNode object, String name, long absent, long most) {
    JsonNode value = object.path(name);
    if (value.isMissingNode()) {
      return absent;
    }
    if (!value.canConvertToLong() || !value.isIntegralNumber() || value.asLong() < 1 || value.asLong() > most) {
      throw Refusal.badRequest("'budget." + name + "' is " + value + " (expected: a whole number from 1 to " + most + ")");
    }
    return value.asLong();
  }
}
