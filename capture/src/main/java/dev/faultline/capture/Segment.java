package dev.faultline.capture;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/// A stretch of captures in one file, which retention drops as a whole.
///
/// Attached, it is a database that is written or waits to be exported; closed, a Parquet file. Ids and times are the least and the
/// greatest; of an empty segment the ids are empty.
record Segment(
    int number, State state, Path file, long rows, long bytes, String idMin, String idMax, Instant oldest, Instant newest) {

  enum State {
    ATTACHED,
    CLOSED
  }

  static Segment empty(int number, Path file, Instant now) {
    return new Segment(number, State.ATTACHED, file, 0, Layout.bytesOf(file), "", "", now, now);
  }

  static Segment closed(int number, Path file) {
    return new Segment(number, State.CLOSED, file, 0, 0, "", "", Instant.EPOCH, Instant.EPOCH);
  }

  /// This segment as it was counted: rows, least and greatest id and time.
  Segment measured(ResultSet row) throws SQLException {
    long count = row.getLong("n");
    return new Segment(
        number,
        state,
        file,
        count,
        Layout.bytesOf(file),
        row.getString("id_min"),
        row.getString("id_max"),
        count == 0 ? oldest : CaptureRow.at(row, "oldest"),
        count == 0 ? newest : CaptureRow.at(row, "newest"));
  }

  /// This segment, exported.
  Segment closedAs(Path parquet) {
    return new Segment(number, State.CLOSED, parquet, rows, Layout.bytesOf(parquet), idMin, idMax, oldest, newest);
  }

  /// The name of an attached segment's database.
  String alias() {
    return "s" + number;
  }

  /// What stands after FROM.
  String source() {
    return switch (state) {
      case ATTACHED -> alias() + ".captures";
      case CLOSED -> "read_parquet(" + DuckDb.quoted(file) + ")";
    };
  }

  boolean isEmpty() {
    return rows == 0;
  }

  boolean mayHold(String id) {
    return !isEmpty() && idMin.compareTo(id) <= 0 && idMax.compareTo(id) >= 0;
  }

  boolean mayAnswer(CaptureQuery query) {
    return !isEmpty()
        && newest.compareTo(query.since()) >= 0
        && oldest.compareTo(query.until()) < 0
        && (query.cursor().isEmpty() || idMin.compareTo(query.cursor()) < 0);
  }

  Segment with(Iterable<Capture> batch) {
    Segment grown = this;
    for (Capture capture : batch) {
      grown = grown.with(capture);
    }
    return new Segment(
        number, state, file, grown.rows, Layout.bytesOf(file), grown.idMin, grown.idMax, grown.oldest, grown.newest);
  }

  private Segment with(Capture one) {
    boolean first = isEmpty();
    return new Segment(
        number,
        state,
        file,
        rows + 1,
        bytes,
        first || one.id().compareTo(idMin) < 0 ? one.id() : idMin,
        first || one.id().compareTo(idMax) > 0 ? one.id() : idMax,
        first || one.at().isBefore(oldest) ? one.at() : oldest,
        first || one.at().isAfter(newest) ? one.at() : newest);
  }
}
