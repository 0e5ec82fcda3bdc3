package dev.faultline.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What opening a store's directory does, whatever state the last process left it in.
///
/// Unfinished files go. A segment that was both exported and not yet removed is taken from its Parquet file, which got its name
/// only when it was complete. A segment that cannot be read is put aside as `*.torn`, said and skipped.
final class Recovery {
  private final DuckDb db;
  private final Layout layout;
  private final Findings findings;

  Recovery(DuckDb db, Layout layout, Findings findings) {
    this.db = db;
    this.layout = layout;
    this.findings = findings;
  }

  /// The readable segments, oldest first. Attached ones are attached.
  List<Segment> segments(Instant now) throws IOException, SQLException {
    for (Path unfinished : layout.endingIn(Layout.UNFINISHED)) {
      Files.deleteIfExists(unfinished);
    }
    var segments = new ArrayList<Segment>();
    for (int number : layout.numbers(Layout.CLOSED)) {
      recoverClosed(number, segments);
    }
    for (int number : layout.numbers(Layout.ATTACHED)) {
      recoverAttached(number, now, segments);
    }
    segments.sort((a, b) -> Integer.compare(a.number(), b.number()));
    return segments;
  }

  void removeTornBefore(Instant limit) throws IOException {
    for (Path torn : layout.endingIn(Layout.TORN)) {
      if (Files.getLastModifiedTime(torn).compareTo(FileTime.from(limit)) < 0) {
        Files.deleteIfExists(torn);
      }
    }
  }

  private void recoverClosed(int number, List<Segment> into) throws IOException {
    Path file = layout.closed(number);
    try {
      into.add(measured(Segment.closed(number, file)));
    } catch (SQLException e) {
      putAside(file, e);
    }
  }

  private void recoverAttached(int number, Instant now, List<Segment> into) throws IOException, SQLException {
    Path file = layout.attached(number);
    if (into.stream().anyMatch(closed -> closed.number() == number)) {
      delete(file);
      return;
    }
    Segment segment = Segment.empty(number, file, now);
    try {
      attach(segment);
      into.add(measured(segment));
    } catch (SQLException e) {
      db.execute("DETACH DATABASE IF EXISTS " + segment.alias());
      putAside(file, e);
    }
  }

  /// Attaches a segment's database and creates its table when it is new.
  void attach(Segment segment) throws SQLException {
    try {
      attachAs(segment.file(), segment.alias());
    } catch (SQLException e) {
      if (!Files.exists(Layout.log(segment.file()))) {
        throw e;
      }
      attachWithoutLog(segment, e);
    }
    db.execute("CREATE TABLE IF NOT EXISTS " + segment.alias() + ".captures (" + CaptureRow.COLUMNS + ")");
  }

  /// A damaged log must not cost the rows that are already in the database.
  private void attachWithoutLog(Segment segment, SQLException cause) throws SQLException {
    try {
      putAside(Layout.log(segment.file()), cause);
    } catch (IOException e) {
      cause.addSuppressed(e);
      throw cause;
    }
    attachAs(segment.file(), segment.alias());
  }

  private void attachAs(Path file, String alias) throws SQLException {
    db.execute("ATTACH " + DuckDb.quoted(file) + " AS " + alias);
  }

  /// Attaches the documents' database; a damaged one is put aside and begun anew.
  void attachKept() throws SQLException, IOException {
    try {
      attachAs(layout.kept(), "kept");
    } catch (SQLException e) {
      putAside(layout.kept(), e);
      attachAs(layout.kept(), "kept");
    }
  }

  private Segment measured(Segment segment) throws SQLException {
    return db.select(
            "SELECT count(*) AS n, coalesce(min(id), '') AS id_min, coalesce(max(id), '') AS id_max, min(captured_at) AS oldest,"
                + " max(captured_at) AS newest FROM "
                + segment.source(),
            List.of(),
            segment::measured)
        .getFirst();
  }

  /// Whether every byte of the segment can be read.
  boolean isReadable(Segment segment) {
    try {
      db.select("SELECT bit_xor(hash(COLUMNS(*))) FROM " + segment.source(), List.of(), row -> row.getObject(1));
      return true;
    } catch (SQLException e) {
      findings.add("segment " + segment.file() + " cannot be read", e);
      return false;
    }
  }

  void putAside(Path file, Exception why) throws IOException {
    for (Path part : List.of(file, Layout.log(file))) {
      if (Files.exists(part)) {
        Files.move(part, part.resolveSibling(part.getFileName() + Layout.TORN), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    findings.add(file + " is damaged and was put aside as " + file.getFileName() + Layout.TORN + "; its captures are skipped", why);
  }

  static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(Layout.log(file));
  }
}
