package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.request.Payload;
import dev.faultline.server.contract.ContractDesk;
import dev.faultline.server.contract.ContractDesk.Scope;
import dev.faultline.server.contract.ContractOrderException;
import dev.faultline.server.contract.ContractTicket;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `contracts`: contracts held against kept requests, asked for with POST, followed with GET until they are over, taken back with DELETE.
///
/// Nothing here changes what is served: who adds a rule gets the text of the file, and writes it or not.
final class ContractsEndpoint {
  /// Requests that somebody brings are a part of the body.
  private static final long BODY_BYTES_MAX = 16 << 20;

  private static final List<String> MEMBERS = List.of("do", "model", "version", "any_version", "limit", "contract", "other", "rule", "risk", "requests");

  private final ContractDesk desk;

  ContractsEndpoint(ContractDesk desk) {
    this.desk = desk;
  }

  Answer start(Call call) {
    Query.none(call);
    Body asked = Body.of(call, MEMBERS, BODY_BYTES_MAX);
    ContractTicket ticket = ordered(asked).orElseThrow(() -> Refusal.busy("too many looks at contracts wait already (mend: wait for some of them, or take some back with DELETE)"));
    Payload payload = Payload.of(Json.bytes(ticket.document()), "application/json");
    return Answer.of(202, payload).with("Location", AdminRoutes.PREFIX + "/contracts/" + ticket.id());
  }

  Answer list(Call call) {
    Query.none(call);
    return Json.answer(new Page(desk.list().stream().<JsonNode>map(ContractTicket::head).toList(), "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(ticket(call).document());
  }

  Answer cancel(Call call) {
    Query.none(call);
    ContractTicket ticket = ticket(call);
    if (!desk.cancel(ticket)) {
      throw Refusal.conflict("look '" + ticket.id() + "' is over: " + ticket.state());
    }
    return Json.answer(ticket.document());
  }

  private ContractTicket ticket(Call call) {
    String id = call.variable("id");
    return desk.find(id).orElseThrow(() -> Refusal.notFound("there is no look at a contract '" + id + "' (expected: an id such as con_...; old ones make room)"));
  }

  private Optional<ContractTicket> ordered(Body asked) {
    var scope = new Scope(asked.text("model"), asked.optionalVersion("version").orElse(""), asked.flag("any_version"), (int) asked.whole("limit", ContractDesk.LIMIT_DEFAULT, 1, ContractDesk.LIMIT_MAX));
    Optional<String> contract = asked.optionalText("contract");
    try {
      return switch (asked.text("do")) {
        case "check" -> desk.check(scope, contract);
        case "diff" -> desk.diff(scope, other(asked, contract), contract);
        case "infer" -> desk.infer(scope, asked.number("risk", ContractDesk.RISK_DEFAULT, 0, 1), requests(asked));
        case "add" -> desk.add(scope, asked.text("rule"));
        default -> throw asked.wrong("do", "check, diff, infer or add");
      };
    } catch (ContractOrderException e) {
      throw refusal(e);
    }
  }

  private static String other(Body asked, Optional<String> contract) {
    String other = asked.optionalVersion("other").orElse("");
    if (contract.isPresent() == !other.isEmpty()) {
      throw Refusal.badRequest("a diff has another side: 'other', a version, or 'contract', the text of a contract.yaml (expected: one of them)");
    }
    return other;
  }

  private static List<JsonNode> requests(Body asked) {
    var requests = new ArrayList<JsonNode>();
    if (asked.has("requests") && !asked.object().path("requests").isArray()) {
      throw asked.wrong("requests", "a list of V2 requests or captures");
    }
    asked.object().path("requests").forEach(requests::add);
    return requests;
  }

  private static Refusal refusal(ContractOrderException e) {
    return switch (e.kind()) {
      case INVALID -> Refusal.badRequest(e.sentence());
      case UNKNOWN -> Refusal.notFound(e.sentence());
      case NOT_READY -> Refusal.conflict(e.sentence());
    };
  }
}
