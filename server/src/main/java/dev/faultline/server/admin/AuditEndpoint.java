package dev.faultline.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.faultline.server.http.Answer;
import dev.faultline.server.http.Call;
import dev.faultline.server.release.AuditEntry;
import dev.faultline.server.release.AuditTrail;
import java.util.List;

/// `audit`: who changed what when, the newest first. The cursor is the number of the last entry given.
final class AuditEndpoint {
  private final AuditTrail audit;

  AuditEndpoint(AuditTrail audit) {
    this.audit = audit;
  }

  Answer list(Call call) {
    Query query = Query.of(call, List.of("model", "action", "actor"));
    List<AuditEntry> matching = audit.list(before(query.cursor()), Integer.MAX_VALUE).stream()
        .filter(entry -> query.allows(entry.at()) && query.allows("model", entry.model()) && query.allows("action", entry.action()) && query.allows("actor", entry.actor().name()))
        .limit(query.limit() + 1L)
        .toList();
    List<AuditEntry> page = matching.subList(0, Math.min(query.limit(), matching.size()));
    String next = matching.size() > page.size() ? Long.toString(page.getLast().number()) : "";
    return Json.answer(new Page(page.stream().<JsonNode>map(AuditEntry::document).toList(), next).document());
  }

  private static long before(String cursor) {
    if (cursor.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (!cursor.matches("\\d{1,18}")) {
      throw Refusal.badRequest("parameter 'cursor' is '" + cursor + "' (expected: the 'next' of the page before)");
    }
    return Long.parseLong(cursor);
  }
}
