package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.compare.Tolerance;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.replay.ReplayOrder;
import dev.faultline.server.replay.ReplayOrder.Scope;
import dev.faultline.server.replay.ReplayTicket;
import dev.faultline.server.replay.Replays;
import dev.faultline.serving.model.Found;
import dev.faultline.serving.model.ModelRepository;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `replays`: kept requests run again, asked for with POST, followed with GET until they are over, taken back with DELETE.
final class ReplaysEndpoint {
  private static final List<String> MEMBERS = List.of("fault", "group", "capture", "all", "model", "to", "rtol", "atol", "limit");

  private final Replays replays;
  private final FaultGroups groups;
  private final ModelRepository models;

  ReplaysEndpoint(Replays replays, FaultGroups groups, ModelRepository models) {
    this.replays = replays;
    this.groups = groups;
    this.models = models;
  }

  Answer start(Call call) {
    Query.none(call);
    ReplayOrder order = order(Body.of(call, MEMBERS));
    requireVersion(order);
    ReplayTicket ticket = replays.start(order)
        .orElseThrow(() -> Refusal.busy("too many replays wait already (mend: wait for some of them, or take some back with DELETE)"));
    Payload payload = Payload.of(Json.bytes(ticket.document()), "application/json");
    return Answer.of(202, payload).with("Location", AdminRoutes.PREFIX + "/replays/" + ticket.id());
  }

  Answer list(Call call) {
    Query.none(call);
    List<JsonNode> items = replays.list().stream().<JsonNode>map(ReplayTicket::head).toList();
    return Json.answer(new Page(items, "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(ticket(call).document());
  }

  Answer cancel(Call call) {
    Query.none(call);
    ReplayTicket ticket = ticket(call);
    if (!replays.cancel(ticket)) {
      throw Refusal.conflict("replay '" + ticket.id() + "' is over: " + ticket.state());
    }
    return Json.answer(ticket.document());
  }

  private ReplayTicket ticket(Call call) {
    String id = call.variable("id");
    return replays.find(id).orElseThrow(() -> Refusal.notFound("there is no replay '" + id + "' (expected: an id such as rep_...; old ones make room)"));
  }

  private static ReplayOrder order(Body asked) {
    Map<Scope, String> given = scopes(asked);
    if (given.size() != 1) {
      throw Refusal.badRequest("the request names " + (given.isEmpty() ? "nothing" : given.size() + " things") + " to replay (expected: one of {\"fault\":\"flt_...\"}, {\"group\":\"FL-17\"}, {\"capture\":\"cap_...\"}, {\"all\":true})");
    }
    Map.Entry<Scope, String> one = given.entrySet().iterator().next();
    var tolerance = Tolerance.of(asked.number("atol", ReplayOrder.ABSOLUTE_DEFAULT, 0, Double.MAX_VALUE), asked.number("rtol", ReplayOrder.RELATIVE_DEFAULT, 0, Double.MAX_VALUE));
    return new ReplayOrder(
        one.getKey(), one.getValue(), asked.optionalText("model").orElse(""), asked.optionalVersion("to").orElse(""), tolerance, (int) asked.whole("limit", ReplayOrder.LIMIT_DEFAULT, 1, ReplayOrder.LIMIT_MAX));
  }

  private static Map<Scope, String> scopes(Body asked) {
    var given = new EnumMap<Scope, String>(Scope.class);
    for (Scope scope : List.of(Scope.FAULT, Scope.GROUP, Scope.CAPTURE)) {
      asked.optionalText(scope.name().toLowerCase(Locale.ROOT)).filter(id -> !id.isEmpty()).ifPresent(id -> given.put(scope, id));
    }
    if (asked.flag("all")) {
      given.put(Scope.ALL, "");
    }
    return given;
  }

  /// What is asked for must be kept, and the version to run on must be one of its model's.
  private void requireVersion(ReplayOrder order) {
    String model = switch (order.scope()) {
      case FAULT, CAPTURE -> kept(order).orElseThrow(() -> Refusal.notFound("there is no " + order.scope().name().toLowerCase(Locale.ROOT) + " '" + order.id() + "' (old ones go with their captures)"));
      case GROUP -> groups.find(order.id()).map(FaultGroup::model).orElseThrow(() -> Refusal.notFound("there is no group '" + order.id() + "' (expected: an id such as FL-17)"));
      case ALL -> order.model();
    };
    if (order.scope() == Scope.ALL && !order.to().isEmpty() && model.isEmpty() && models.names().size() > 1) {
      throw Refusal.badRequest("'to' is a version of one model, and there are " + models.names().size() + " (expected: 'model', one of " + String.join(", ", models.names()) + ")");
    }
    requireVersion(model.isEmpty() && models.names().size() == 1 ? models.names().getFirst() : model, order.model(), order.to());
  }

  private void requireVersion(String model, String asked, String to) {
    List<String> versions = models.candidates(model).stream().map(Found.Candidate::version).toList();
    boolean matters = !to.isEmpty() || model.equals(asked);
    if (matters && !model.isEmpty() && !models.names().contains(model)) {
      throw Refusal.notFound("there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")");
    }
    if (!to.isEmpty() && !model.isEmpty() && !versions.contains(to)) {
      throw Refusal.notFound("model '" + model + "' has no version '" + to + "' (expected: one of " + String.join(", ", versions) + ")");
    }
  }

  private Optional<String> kept(ReplayOrder order) {
    try {
      return replays.findModel(order);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Refusal.busy("the server is stopping");
    }
  }
}
