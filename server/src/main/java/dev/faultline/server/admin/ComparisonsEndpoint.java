package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.request.Payload;
import dev.faultline.server.compare.ComparisonTicket;
import dev.faultline.server.compare.Comparisons;
import dev.faultline.server.compare.SelectionException;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import java.util.List;
import java.util.Optional;

/// `comparisons`: what separates some kept requests from others, asked for with POST, followed with GET until they are over, taken back with DELETE.
final class ComparisonsEndpoint {
  private static final List<String> MEMBERS = List.of("selection", "baseline", "limit");

  private final Comparisons comparisons;

  ComparisonsEndpoint(Comparisons comparisons) {
    this.comparisons = comparisons;
  }

  Answer start(Call call) {
    Query.none(call);
    ComparisonTicket ticket = started(Body.of(call, MEMBERS))
        .orElseThrow(() -> Refusal.busy("too many comparisons wait already (mend: wait for some of them, or take some back with DELETE)"));
    Payload payload = Payload.of(Json.bytes(ticket.document()), "application/json");
    return Answer.of(202, payload).with("Location", AdminRoutes.PREFIX + "/comparisons/" + ticket.id());
  }

  private Optional<ComparisonTicket> started(Body asked) {
    int limit = (int) asked.whole("limit", Comparisons.LIMIT_DEFAULT, 1, Comparisons.LIMIT_MAX);
    try {
      return comparisons.start(asked.text("selection"), asked.optionalText("baseline").orElse(""), limit);
    } catch (SelectionException e) {
      throw switch (e.kind()) {
        case INVALID -> Refusal.badRequest(e.sentence());
        case UNKNOWN -> Refusal.notFound(e.sentence());
      };
    }
  }

  Answer list(Call call) {
    Query.none(call);
    List<JsonNode> items = comparisons.list().stream().<JsonNode>map(ComparisonTicket::head).toList();
    return Json.answer(new Page(items, "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(ticket(call).document());
  }

  Answer cancel(Call call) {
    Query.none(call);
    ComparisonTicket ticket = ticket(call);
    if (!comparisons.cancel(ticket)) {
      throw Refusal.conflict("comparison '" + ticket.id() + "' is over: " + ticket.state());
    }
    return Json.answer(ticket.document());
  }

  private ComparisonTicket ticket(Call call) {
    String id = call.variable("id");
    return comparisons.find(id).orElseThrow(() -> Refusal.notFound("there is no comparison '" + id + "' (expected: an id such as cmp_...; old ones make room)"));
  }
}
