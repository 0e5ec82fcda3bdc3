package dev.faultline.server.compare;

import dev.faultline.capture.Capture;
import dev.faultline.capture.CaptureQuery;
import dev.faultline.capture.CaptureQuery.By;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Which kept requests are meant: all those that meet every term.
///
/// `text` is how it was asked for. `kinds` is empty for all kinds. `context` are those terms, as they were written, that do not say how a request
/// ended.
record Selection(
    String text, Set<Capture.Kind> kinds, Map<By, String> where, Instant since, Instant until, List<Clause> clauses, List<String> context) {
  private static final Set<By> BESIDE_FAILURE = Collections.unmodifiableSet(EnumSet.of(By.KIND, By.MODEL, By.VERSION, By.REQUEST_ID, By.TRACE_ID));

  Selection {
    kinds = Set.copyOf(kinds);
    var copy = new EnumMap<By, String>(By.class);
    copy.putAll(where);
    where = Collections.unmodifiableMap(copy);
    clauses = List.copyOf(clauses);
    context = List.copyOf(context);
  }

  /// Whether it says how requests failed, so that those that passed are their natural counterpart.
  boolean isOfFailures() {
    boolean failing = !kinds.isEmpty() && !kinds.contains(Capture.Kind.BASELINE);
    return failing || where.keySet().stream().anyMatch(by -> !BESIDE_FAILURE.contains(by));
  }

  /// The same within a span of time.
  Selection within(Instant from, Instant to) {
    return new Selection(text, kinds, where, since.isAfter(from) ? since : from, until.isBefore(to) ? until : to, clauses, context);
  }

  /// One question to the store for each kind.
  List<CaptureQuery> queries() {
    CaptureQuery all = CaptureQuery.all().since(since).until(until).whole();
    for (Map.Entry<By, String> each : where.entrySet()) {
      all = all.where(each.getKey(), each.getValue());
    }
    if (kinds.isEmpty()) {
      return List.of(all);
    }
    var queries = new ArrayList<CaptureQuery>();
    for (Capture.Kind kind : kinds) {
      queries.add(all.where(By.KIND, kind.name()));
    }
    return queries;
  }

  /// What it selects by: no finding of a comparison.
  Set<String> dimensions() {
    var dimensions = new HashSet<String>();
    clauses.forEach(clause -> dimensions.add(clause.dimension()));
    if (where.containsKey(By.VERSION)) {
      dimensions.add("version");
    }
    if (!since.equals(Instant.MIN) || !until.equals(Instant.MAX)) {
      dimensions.add("hour");
    }
    return dimensions;
  }
}
