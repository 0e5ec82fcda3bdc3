package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.Payload;
import dev.faultline.rollout.Rollout;
import dev.faultline.rollout.RolloutPlan;
import dev.faultline.rollout.judge.Judgement;
import dev.faultline.rollout.judge.StreamStanding;
import dev.faultline.rollout.judge.Verdict;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.release.ReleaseException;
import dev.faultline.server.rollout.RolloutControl;
import dev.faultline.server.rollout.RolloutReports;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `rollouts`: begun with POST, followed with GET, ended by the judge or by people. `analysis`: the same verdict as Argo Rollouts' web
/// provider reads it.
final class RolloutsEndpoint {
  static final List<String> MEMBERS = List.of(
      "model", "candidate", "baseline", "shadow", "steps", "key", "min_requests", "min_minutes", "max_minutes", "slo_ms");

  private final RolloutControl control;
  private final RolloutReports reports;

  RolloutsEndpoint(RolloutControl control, RolloutReports reports) {
    this.control = control;
    this.reports = reports;
  }

  /// A command to a rollout, or why it cannot be obeyed.
  @FunctionalInterface
  private interface Command {
    Rollout obeyed() throws ReleaseException;
  }

  Answer start(Call call) {
    Query.none(call);
    RolloutPlan plan = PlanFromBody.of(Body.of(call, MEMBERS));
    Rollout rollout = obey(() -> control.start(plan, Actors.of(call)));
    Payload payload = Payload.of(Json.bytes(document(rollout)), "application/json");
    return Answer.of(201, payload).with("Location", AdminRoutes.PREFIX + "/rollouts/" + rollout.id());
  }

  Answer list(Call call) {
    Query query = Query.of(call, List.of("model", "candidate", "state"));
    List<Rollout> matching = control.rollouts().list().stream()
        .filter(each -> query.allows("model", each.plan().model()) && query.allows("candidate", each.plan().candidate()) && query.allows("state", each.standing().state().name()))
        .toList();
    int from = 0;
    for (int i = 0; i < matching.size() && !query.cursor().isEmpty(); i++) {
      from = matching.get(i).id().equals(query.cursor()) ? i + 1 : from;
    }
    int to = Math.min(matching.size(), from + query.limit());
    List<JsonNode> items = matching.subList(from, to).stream().<JsonNode>map(this::document).toList();
    return Json.answer(new Page(items, to < matching.size() ? matching.get(to - 1).id() : "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(document(obey(() -> control.known(call.variable("id")))));
  }

  Answer promote(Call call) {
    Query.none(call);
    return Json.answer(document(obey(() -> control.promote(call.variable("id"), Actors.of(call)))));
  }

  Answer abort(Call call) {
    Query.none(call);
    return Json.answer(document(obey(() -> control.abort(call.variable("id"), Actors.of(call)))));
  }

  Answer weigh(Call call) {
    Query.none(call);
    Body body = Body.of(call, List.of("weight"));
    if (!body.has("weight")) {
      throw Refusal.badRequest("the request has no 'weight' (expected: percent of the unpinned requests, 0 to 100)");
    }
    double weight = body.number("weight", 0, 0, 100);
    return Json.answer(document(obey(() -> control.weigh(call.variable("id"), weight, Actors.of(call)))));
  }

  /// `?model=m&candidate=8&window=5m`: `ok`, and a verdict of three values, of the latest rollout of that candidate within the window.
  Answer analysis(Call call) {
    Map<String, String> given = Query.given(call, List.of("model", "candidate", "window"), List.of());
    String model = required(given, "model");
    String candidate = given.getOrDefault("candidate", "");
    Instant since = since(given.getOrDefault("window", ""));
    Optional<Rollout> rollout = control.rollouts().list().stream()
        .filter(each -> each.plan().model().equals(model) && (candidate.isEmpty() || each.plan().candidate().equals(candidate)))
        .filter(each -> !each.standing().state().isOver() || !each.standing().since().isBefore(since))
        .findFirst();
    ObjectNode data = rollout.map(each -> data(each.judgement(control.now())).put("rollout", each.id())).orElseGet(() -> none(model, candidate));
    return Json.answer(JsonNodeFactory.instance.objectNode().set("data", data));
  }

  private static ObjectNode none(String model, String candidate) {
    ObjectNode data = JsonNodeFactory.instance.objectNode().put("ok", false).put("verdict", "inconclusive").put("score", 0.5);
    data.putArray("reasons").add("no rollout of model '" + model + "'" + (candidate.isEmpty() ? "" : " with candidate " + candidate) + " is running or ended within the window");
    return data;
  }

  /// `score` is 1 without any evidence of harm, and near 0 when there is much: the least of the streams' p-values.
  private static ObjectNode data(Judgement judgement) {
    double most = judgement.streams().stream().mapToDouble(StreamStanding::eValue).max().orElse(1);
    ObjectNode data = JsonNodeFactory.instance.objectNode();
    data.put("ok", judgement.verdict() == Verdict.PASS);
    data.put("verdict", judgement.verdict().name().toLowerCase(Locale.ROOT));
    data.put("score", Math.min(1, 1 / Math.max(most, 1)));
    judgement.reasons().forEach(data.putArray("reasons")::add);
    return data;
  }

  private Instant since(String window) {
    if (window.isEmpty()) {
      return Instant.MIN;
    }
    if (!window.matches("\\d{1,6}[smhd]")) {
      throw Refusal.badRequest("parameter 'window' is '" + window + "' (expected: a duration such as 5m)");
    }
    long count = Long.parseLong(window.substring(0, window.length() - 1));
    Duration length = switch (window.charAt(window.length() - 1)) {
      case 's' -> Duration.ofSeconds(count);
      case 'm' -> Duration.ofMinutes(count);
      case 'h' -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
    return control.now().minus(length);
  }

  private static String required(Map<String, String> given, String name) {
    return Optional.ofNullable(given.get(name)).filter(value -> !value.isEmpty()).orElseThrow(() -> Refusal.badRequest("parameter '" + name + "' is missing (expected: /analysis?model=m&candidate=8&window=5m)"));
  }

  private ObjectNode document(Rollout rollout) {
    return reports.document(rollout);
  }

  private static Rollout obey(Command command) {
    try {
      return command.obeyed();
    } catch (ReleaseException e) {
      throw Refusal.of(e);
    }
  }
}
