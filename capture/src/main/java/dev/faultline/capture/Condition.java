package dev.faultline.capture;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/// A query's conditions as SQL with parameters.
record Condition(String sql, List<Object> parameters) {

  static Condition of(CaptureQuery query) {
    var parts = new ArrayList<String>(List.of("true"));
    var parameters = new ArrayList<Object>();
    addTime(parts, parameters, "captured_at >= ?", query.since(), Instant.MIN);
    addTime(parts, parameters, "captured_at < ?", query.until(), Instant.MAX);
    if (!query.cursor().isEmpty()) {
      parts.add("id < ?");
      parameters.add(query.cursor());
    }
    query.where().forEach((by, value) -> addEquality(parts, parameters, by, value));
    return new Condition(String.join(" AND ", parts), parameters);
  }

  private static void addTime(List<String> parts, List<Object> parameters, String sql, Instant at, Instant open) {
    if (!at.equals(open)) {
      parts.add(sql);
      parameters.add(LocalDateTime.ofInstant(at, ZoneOffset.UTC));
    }
  }

  private static void addEquality(List<String> parts, List<Object> parameters, CaptureQuery.By by, String value) {
    String column = CaptureRow.column(by);
    parameters.add(value);
    if (!by.isOfFaults()) {
      parts.add(column + " = ?");
      return;
    }
    parts.add("(" + column + " = ? OR (more_faults <> '' AND list_contains(json_extract_string(more_faults, '$[*]." + column + "'), ?)))");
    parameters.add(value);
  }
}
