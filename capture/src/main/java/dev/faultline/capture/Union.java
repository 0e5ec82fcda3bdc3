package dev.faultline.capture;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Several segments read as one table.
final class Union {
  private final DuckDb db;
  private final String from;

  Union(DuckDb db, List<Segment> segments) {
    this.db = db;
    this.from = from(segments);
  }

  private static String from(List<Segment> segments) {
    Stream<String> attached =
        segments.stream().filter(each -> each.state() == Segment.State.ATTACHED).map(each -> "SELECT * FROM " + each.source());
    String files =
        segments.stream()
            .filter(each -> each.state() == Segment.State.CLOSED)
            .map(each -> DuckDb.quoted(each.file()))
            .collect(Collectors.joining(", "));
    Stream<String> closed =
        files.isEmpty() ? Stream.empty() : Stream.of("SELECT * FROM read_parquet([" + files + "], union_by_name = true)");
    return Stream.concat(attached, closed).collect(Collectors.joining(" UNION ALL BY NAME "));
  }

  <T> List<T> select(String columns, String rest, List<Object> parameters, DuckDb.RowReader<T> reader) throws SQLException {
    return db.select("SELECT " + columns + " FROM (" + from + ") " + rest, parameters, reader);
  }

  private record Hit(String id, long payloadBytes) {}

  /// Ids first, over narrow columns only; then the rows themselves. Sorting whole rows would drag every document through memory.
  List<CapturePage> page(CaptureQuery query, PayloadFiles payloads) throws SQLException {
    List<Hit> hits = hits(query);
    int fit = fit(hits, query);
    if (fit == 0) {
      return List.of();
    }
    List<Capture> items = rows(hits.subList(0, fit).stream().map(Hit::id).toList(), query.detail(), payloads);
    return List.of(new CapturePage(items, fit < hits.size() ? hits.get(fit - 1).id() : ""));
  }

  private List<Hit> hits(CaptureQuery query) throws SQLException {
    var where = Condition.of(query);
    return select(
        "id, payload_kept",
        "WHERE " + where.sql() + " ORDER BY id DESC LIMIT " + (query.limit() + 1),
        where.parameters(),
        row -> new Hit(row.getString(1), row.getLong(2)));
  }

  private static int fit(List<Hit> hits, CaptureQuery query) {
    int count = Math.min(hits.size(), query.limit());
    if (query.detail() == CaptureQuery.Detail.SUMMARY) {
      return count;
    }
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += hits.get(i).payloadBytes();
      if (bytes > CapturePage.PAYLOAD_BYTES_MAX && i > 0) {
        return i;
      }
    }
    return count;
  }

  /// The rows with these ids, newest first; the outer ids let whole row groups be passed over.
  private List<Capture> rows(List<String> ids, CaptureQuery.Detail detail, PayloadFiles payloads) throws SQLException {
    String marks = ids.stream().map(_ -> "?").collect(Collectors.joining(", "));
    var parameters = new ArrayList<Object>(List.of(ids.getLast(), ids.getFirst()));
    parameters.addAll(ids);
    return select(
        CaptureRow.selected(detail),
        "WHERE id >= ? AND id <= ? AND id IN (" + marks + ") ORDER BY id DESC",
        parameters,
        row -> detail == CaptureQuery.Detail.WHOLE ? CaptureRow.whole(row, payloads) : CaptureRow.summary(row));
  }

  List<Capture> find(String id, PayloadFiles payloads) throws SQLException {
    return rows(List.of(id), CaptureQuery.Detail.WHOLE, payloads);
  }
}
