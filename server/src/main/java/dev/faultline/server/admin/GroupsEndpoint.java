package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.isolation.group.FaultGroup;
import dev.faultline.isolation.group.FaultGroups;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.investigate.Verdicts;
import dev.faultline.server.keep.GroupDocument;
import java.util.List;

/// `groups`: faults that are the same, latest seen first. The cursor is the id of the last group given; groups seen anew meanwhile
/// move to the front.
final class GroupsEndpoint {
  private static final List<String> FILTERS = List.of("model", "version", "code", "stage", "blame");

  private final FaultGroups groups;
  private final Verdicts verdicts;

  GroupsEndpoint(FaultGroups groups, Verdicts verdicts) {
    this.groups = groups;
    this.verdicts = verdicts;
  }

  Answer list(Call call) {
    Query query = Query.of(call, FILTERS);
    List<FaultGroup> matching = groups.list().stream().filter(group -> matches(group, query)).toList();
    int from = start(matching, query);
    int to = Math.min(matching.size(), from + query.limit());
    List<JsonNode> items = matching.subList(from, to).stream().<JsonNode>map(GroupDocument::of).toList();
    return Json.answer(new Page(items, to < matching.size() ? matching.get(to - 1).id() : "").document());
  }

  Answer one(Call call) {
    Query.none(call);
    String id = call.variable("id");
    return groups.find(id)
        .map(group -> Json.answer(GroupDocument.of(group).set("verdict", verdicts.find(id).orElse(null))))
        .orElseThrow(() -> Refusal.notFound("there is no group '" + id + "' (expected: an id such as FL-17)"));
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
        && query.allows("blame", group.blame().name());
  }
}
