package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.request.Payload;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.nodes.NodeTimes;
import dev.faultline.server.nodes.NodeWish;
import dev.faultline.server.profile.ProfileEvent;
import dev.faultline.server.profile.Profiles;
import dev.faultline.server.profile.Wish;
import dev.faultline.serving.model.ModelRepository;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/// `profiles`: begun with POST, followed with GET until they are over, read as a page, as collapsed stacks, or as the recording.
final class ProfilesEndpoint {
  private static final List<String> MEMBERS = List.of("model", "version", "event", "seconds", "nodes", "against");
  private static final int SECONDS = 10;
  /// The page needs its own script and style and nothing from anywhere.
  private static final String POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

  private final Profiles profiles;
  private final NodeTimes nodes;
  private final ModelRepository models;

  ProfilesEndpoint(Profiles profiles, NodeTimes nodes, ModelRepository models) {
    this.profiles = profiles;
    this.nodes = nodes;
    this.models = models;
  }

  Answer start(Call call) {
    Query.none(call);
    Body asked = Body.of(call, MEMBERS);
    String model = asked.optionalText("model").orElse("");
    String version = asked.optionalVersion("version").orElse("");
    requireKnown(model, version);
    int seconds = (int) asked.whole("seconds", SECONDS, 1, Profiles.SECONDS_MAX);
    if (asked.flag("nodes")) {
      return answer(nodes.start(nodeWish(asked, model, version, seconds)));
    }
    asked.optionalText("against").ifPresent(_ -> {
      throw Refusal.badRequest("'against' compares the times of nodes (expected: with \"nodes\": true)");
    });
    var wish = new Wish(model, version, event(asked.optionalText("event").orElse(ProfileEvent.CPU.label())), seconds, Wish.Origin.CALLER, "", "");
    return answer(profiles.start(wish));
  }

  private NodeWish nodeWish(Body asked, String model, String version, int seconds) {
    if (model.isEmpty()) {
      throw Refusal.badRequest("nodes are those of a model (expected: {\"model\":\"m\",\"nodes\":true})");
    }
    asked.optionalText("event").ifPresent(_ -> {
      throw Refusal.badRequest("'event' and 'nodes' are two profiles (expected: one of them)");
    });
    String against = asked.optionalVersion("against").orElse("");
    requireKnown(model, against);
    String own = version.isEmpty()
        ? models.findDefault(model).map(found -> found.id().version()).orElseThrow(() -> Refusal.conflict("no version of '" + model + "' is ready (expected: 'version', to say which is meant)"))
        : models.resolve(model, version).orElse(version);
    String other = against.isEmpty() ? "" : models.resolve(model, against).orElse(against);
    if (own.equals(other)) {
      throw Refusal.badRequest("version '" + own + "' is to be compared with itself (expected: 'against', another version)");
    }
    return new NodeWish(model, own, other, seconds);
  }

  private static Answer answer(Profiles.Answer begun) {
    return switch (begun) {
      case Profiles.Answer.Started(ObjectNode document) ->
          Answer.of(202, Payload.of(Json.bytes(linked(document)), "application/json")).with("Location", AdminRoutes.PREFIX + "/profiles/" + document.path("id").asText());
      case Profiles.Answer.Busy(String id) -> throw Refusal.conflict("profile '" + id + "' is being taken, and only one can be at a time (mend: wait for its end)");
    };
  }

  Answer list(Call call) {
    Query query = Query.of(call, List.of("model", "event", "state", "origin", "group"));
    List<ObjectNode> matching = profiles.list().stream().filter(document -> matches(document, query)).toList();
    int from = 0;
    for (int i = 0; i < matching.size() && !query.cursor().isEmpty(); i++) {
      from = matching.get(i).path("id").asText().equals(query.cursor()) ? i + 1 : from;
    }
    int to = Math.min(matching.size(), from + query.limit());
    List<JsonNode> items = matching.subList(from, to).stream().<JsonNode>map(ProfilesEndpoint::linked).toList();
    return Json.answer(new Page(items, to < matching.size() ? matching.get(to - 1).path("id").asText() : "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    return Json.answer(linked(document(call)));
  }

  Answer flamegraph(Call call) {
    return part(call, "flame graph", "text/html; charset=utf-8", profiles::flamegraph).with("Content-Security-Policy", POLICY);
  }

  Answer collapsed(Call call) {
    return part(call, "collapsed stacks", "text/plain; charset=utf-8", profiles::collapsed);
  }

  Answer recording(Call call) {
    String id = call.variable("id");
    return part(call, "recording", "application/octet-stream", profiles::recording).with("Content-Disposition", "attachment; filename=\"" + id + ".jfr\"");
  }

  @FunctionalInterface
  private interface Reader {
    Optional<byte[]> read(String id) throws IOException;
  }

  private Answer part(Call call, String what, String contentType, Reader reader) {
    Query.none(call);
    ObjectNode document = document(call);
    String id = document.path("id").asText();
    if (document.path("state").asText().equals(Profiles.State.RUNNING.name())) {
      throw Refusal.conflict("profile '" + id + "' is being taken (mend: ask again when its state is DONE)");
    }
    try {
      byte[] bytes = reader.read(id).orElseThrow(() -> Refusal.notFound("profile '" + id + "' has no " + what + ": " + why(document)));
      return Answer.ok(Payload.of(bytes, contentType));
    } catch (IOException e) {
      throw new UncheckedIOException("a profile that is kept cannot be read", e);
    }
  }

  private static String why(ObjectNode document) {
    return document.has("error") ? document.path("error").asText() : "it was taken by " + document.path("profiler").asText();
  }

  private ObjectNode document(Call call) {
    String id = call.variable("id");
    return profiles.find(id).orElseThrow(() -> Refusal.notFound("there is no profile '" + id + "' (expected: an id such as prf_...; old ones make room)"));
  }

  private void requireKnown(String model, String version) {
    if (model.isEmpty() && !version.isEmpty()) {
      throw Refusal.badRequest("the request names version '" + version + "' of no model (expected: {\"model\":\"m\",\"version\":\"2\"})");
    }
    if (!model.isEmpty() && models.list(model).isEmpty()) {
      throw Refusal.notFound("there is no model '" + model + "' (expected: one of " + String.join(", ", models.names()) + ")");
    }
    if (!version.isEmpty() && models.find(model, version).isEmpty()) {
      throw Refusal.notFound("model '" + model + "' has no version '" + version + "' (expected: one of " + String.join(", ", models.list(model).stream().map(each -> each.version()).toList()) + ")");
    }
  }

  private static ProfileEvent event(String label) {
    return ProfileEvent.of(label)
        .orElseThrow(() -> Refusal.badRequest("'event' is '" + label + "' (expected: one of " + String.join(", ", ProfileEvent.labels()) + ")"));
  }

  private static boolean matches(ObjectNode document, Query query) {
    return query.allows("model", document.path("model").asText(""))
        && query.allows("event", document.path("event").asText())
        && query.allows("state", document.path("state").asText())
        && query.allows("origin", document.path("origin").asText())
        && query.allows("group", document.path("group").asText(""));
  }

  /// With where its parts are read.
  private static ObjectNode linked(ObjectNode document) {
    String self = AdminRoutes.PREFIX + "/profiles/" + document.path("id").asText();
    ObjectNode links = document.putObject("links").put("self", self);
    if (document.path("event").asText().equals("nodes")) {
      return document;
    }
    links.put("flamegraph", self + "/flamegraph").put("collapsed", self + "/collapsed");
    if (document.path("recorded").asBoolean()) {
      links.put("recording", self + "/recording");
    }
    return document;
  }
}
