package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.isolation.group.Regrouping;
import dev.faultline.server.group.GroupResolution;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.GroupDocument;
import dev.faultline.server.profile.Profiles;
import java.util.List;
import java.util.Optional;

/// `groups`: faults that are the same, latest seen first; resolved and reopened by whoever works on them. The cursor is the id of the last group given; groups seen anew meanwhile
/// move to the front.
final class GroupsEndpoint {
  private static final List<String> FILTERS = List.of("model", "version", "code", "stage", "blame", "state");
  private static final List<String> STATES = List.of("OPEN", "RESOLVED", "REGRESSED");
  private static final int VERSION_CHARS_MAX = 128;

  private final FaultGroups groups;
  private final GroupResolution resolution;
  private final Verdicts verdicts;
  private final Profiles profiles;

  GroupsEndpoint(FaultGroups groups, GroupResolution resolution, Verdicts verdicts, Profiles profiles) {
    this.groups = groups;
    this.resolution = resolution;
    this.verdicts = verdicts;
    this.profiles = profiles;
  }

  Answer list(Call call) {
    Query query = Query.of(call, FILTERS);
    query.filter("state").filter(state -> !STATES.contains(state)).ifPresent(state -> {
      throw Refusal.badRequest("parameter 'state' is '" + state + "' (expected: " + String.join(", ", STATES) + ")");
    });
    List<FaultGroup> matching = groups.list().stream().filter(group -> matches(group, query)).toList();
    int from = start(matching, query);
    int to = Math.min(matching.size(), from + query.limit());
    Regrouping causes = verdicts.regrouping();
    List<JsonNode> items = matching.subList(from, to).stream().<JsonNode>map(group -> document(group, causes)).toList();
    return Json.answer(new Page(items, to < matching.size() ? matching.get(to - 1).id() : "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    String id = call.variable("id");
    return answer(id, groups.find(id));
  }

  Answer resolve(Call call) {
    Query.none(call);
    String id = call.variable("id");
    Body body = Body.optional(call, List.of("version"));
    Optional<String> version = body.optionalVersion("version").map(String::strip);
    if (version.filter(text -> text.length() > VERSION_CHARS_MAX).isPresent()) {
      throw body.wrong("version", "a version, of at most " + VERSION_CHARS_MAX + " characters");
    }
    return answer(id, resolution.resolve(id, version, Actors.of(call)));
  }

  Answer reopen(Call call) {
    Query.none(call);
    Body.optional(call, List.of());
    return answer(call.variable("id"), resolution.reopen(call.variable("id"), Actors.of(call)));
  }

  private Answer answer(String id, Optional<FaultGroup> found) {
    FaultGroup group = found.orElseThrow(() -> Refusal.notFound("there is no group '" + id + "' (expected: an id such as FL-17)"));
    ObjectNode document = document(group, verdicts.regrouping());
    profiles.ofGroup(group.id()).forEach(document.putArray("profiles")::add);
    return Json.answer(document.set("verdict", verdicts.find(id).orElse(null)));
  }

  /// With the groups that were verified to have the same cause, and the causes of one that has several.
  private static ObjectNode document(FaultGroup group, Regrouping causes) {
    ObjectNode document = GroupDocument.of(group);
    causes.linked(group.id()).forEach(document.putArray("same_cause_as")::add);
    ArrayNode several = document.putArray("causes");
    causes.split().getOrDefault(group.id(), List.of()).forEach(cluster -> several.add(cause(cluster, group)));
    return document;
  }

  private static ObjectNode cause(Regrouping.Cluster cluster, FaultGroup group) {
    ObjectNode cause = JsonNodeFactory.instance.objectNode().put("cause", cluster.cause().cause().name());
    String firstBad = cluster.cause().firstBadVersion();
    cause.put("first_bad", firstBad.isEmpty() ? null : firstBad);
    cluster.cause().places().forEach(cause.putArray("places")::add);
    cluster.faults().stream().filter(group.faults()::contains).forEach(cause.putArray("faults")::add);
    return cause;
  }

  private static int start(List<FaultGroup> groups, Query query) {
    if (query.cursor().isEmpty()) {
      return 0;
    }
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i).id().equals(query.cursor())) {
        return i + 1;
      }
    }
    throw Refusal.badRequest("parameter 'cursor' is '" + query.cursor() + "', which is no group of this list any more (mend: begin without a cursor)");
  }

  private static boolean matches(FaultGroup group, Query query) {
    return query.allows(group.lastSeen())
        && query.allows("model", group.model())
        && query.filter("version").map(group.versions()::contains).orElse(true)
        && query.allows("code", group.code().label())
        && query.allows("stage", group.code().stage().name())
        && query.allows("blame", group.blame().name())
        && query.allows("state", group.state().label());
  }
}
