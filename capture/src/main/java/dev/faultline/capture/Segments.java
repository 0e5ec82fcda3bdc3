package dev.faultline.capture;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// The segments of a durable store: one is written, those before it are closed to Parquet, the oldest are dropped.
///
/// Longer than most files, because the order of these steps is what makes the store survive a kill at any moment:
///
/// 1. A batch is one transaction in the last segment's database; its log is on disk before the batch is acknowledged. Large payloads
///    are on disk before that.
/// 2. A segment that is full or old stops being written when the next one is attached. It is exported to a temporary file, which is
///    forced to disk and renamed; only then is its database removed. Both existing means that the rename was reached.
/// 3. Dropping a segment removes its file, then the payloads that no other segment names.
///
/// `maintaining` and then `appending` are held by whoever changes segments and whoever writes rows or payload files; readers hold
/// `inUse` shared while they read, so that no file is detached under them and no append waits for them.
final class Segments implements AutoCloseable {
  /// A full disk keeps exports from finishing; beyond this many, the oldest attached segment is dropped.
  private static final int ATTACHED_MAX = 8;

  /// Rows that are decompressed together: the fewest that the engine allows, because finding one capture reads one group.
  private static final int ROW_GROUP = 2_048;

  private final DuckDb db;
  private final Layout layout;
  private final StoreLimits limits;
  private final PayloadFiles payloads;
  private final Recovery recovery;
  private final DuckDBConnection writer;
  private final ReentrantLock appending = new ReentrantLock();
  private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
  private final ReentrantLock maintaining = new ReentrantLock();

  /// Oldest first; the last is the one that is written. Replaced as a whole by [#relist].
  private volatile List<Segment> list;

  Segments(DuckDb db, Layout layout, StoreLimits limits, Findings findings, Instant now) throws IOException, SQLException {
    this.db = db;
    this.layout = layout;
    this.limits = limits;
    this.payloads = new PayloadFiles(layout.payloads(), findings);
    this.recovery = new Recovery(db, layout, findings);
    this.list = recovery.segments(now);
    if (list.isEmpty() || list.getLast().state() == Segment.State.CLOSED) {
      startSegment(now);
    }
    payloads.sweep(payloadNames(list));
    this.writer = db.connection();
    this.writer.setAutoCommit(false);
    recovery.attachKept();
  }

  PayloadFiles payloads() {
    return payloads;
  }

  List<Segment> list() {
    return list;
  }

  long bytes() {
    return payloads.bytes() + list.stream().mapToLong(Segment::bytes).sum();
  }

  // ---- writing

  void append(List<Capture> batch) throws IOException, SQLException {
    var added = new ArrayList<String>();
    appending.lock();
    try {
      insert(batch, writePayloads(batch, added));
      replace(list.getLast(), list.getLast().with(batch));
    } catch (IOException | SQLException e) {
      undo(added, e);
      throw e;
    } finally {
      appending.unlock();
    }
  }

  /// The name of each capture's payload file, empty when the payload stands in the row.
  private List<String> writePayloads(List<Capture> batch, List<String> added) throws IOException {
    var names = new ArrayList<String>(batch.size());
    for (Capture capture : batch) {
      boolean beside = capture.payload().length() > limits.inlinePayloadBytesMax();
      String name = beside ? PayloadFiles.sha256(capture.payload()) : "";
      if (beside && payloads.write(name, capture.payload())) {
        added.add(name);
      }
      names.add(name);
    }
    return names;
  }

  private void insert(List<Capture> batch, List<String> payloadNames) throws SQLException {
    try (DuckDBAppender rows = writer.createAppender(list.getLast().alias(), "main", "captures")) {
      for (int i = 0; i < batch.size(); i++) {
        CaptureRow.append(rows, batch.get(i), payloadNames.get(i));
      }
      rows.flush();
    }
    writer.commit();
  }

  private void undo(List<String> added, Exception cause) {
    try {
      writer.rollback();
      for (String name : added) {
        payloads.remove(name);
      }
    } catch (SQLException | IOException e) {
      cause.addSuppressed(e);
    }
  }

  /// Whether it is time for [#maintain].
  boolean isDue(Instant now) {
    Segment written = list.getLast();
    return !written.isEmpty()
        && (written.bytes() >= limits.segmentBytesMax() || written.oldest().plus(limits.segmentAgeMax()).isBefore(now));
  }

  // ---- reading

  /// What to read from the union of some segments.
  @FunctionalInterface
  interface Reading<T> {
    List<T> from(Union union) throws SQLException;
  }

  /// Reads from the segments that may hold an answer. A segment that turns out damaged is put aside, and the reading begins again.
  <T> List<T> read(Predicate<Segment> wanted, Reading<T> reading) throws SQLException {
    try {
      return readOnce(wanted, reading);
    } catch (SQLException e) {
      if (!putDamagedAside(e)) {
        throw e;
      }
      return readOnce(wanted, reading);
    }
  }

  private <T> List<T> readOnce(Predicate<Segment> wanted, Reading<T> reading) throws SQLException {
    inUse.readLock().lock();
    try {
      List<Segment> some = list.stream().filter(wanted).toList();
      return some.isEmpty() ? List.of() : reading.from(new Union(db, some));
    } finally {
      inUse.readLock().unlock();
    }
  }

  private boolean putDamagedAside(SQLException why) throws SQLException {
    boolean found = false;
    maintaining.lock();
    appending.lock();
    try {
      for (Segment segment : list) {
        if (!recovery.isReadable(segment)) {
          putAside(segment, why);
          found = true;
        }
      }
      return found;
    } catch (IOException e) {
      why.addSuppressed(e);
      throw why;
    } finally {
      appending.unlock();
      maintaining.unlock();
    }
  }

  private void putAside(Segment segment, Exception why) throws IOException, SQLException {
    if (segment.equals(list.getLast())) {
      startSegment(segment.newest());
    }
    forget(segment);
    recovery.putAside(segment.file(), why);
  }

  // ---- closing and dropping

  /// Closes what is full or old, exports what waits for it, drops what is too much. Called from one thread.
  void maintain(Instant now) throws IOException, SQLException {
    maintaining.lock();
    try {
      if (isDue(now)) {
        startNext(now);
      }
      export();
      drop(now);
      recovery.removeTornBefore(now.minus(limits.ageMax()));
    } finally {
      maintaining.unlock();
    }
  }

  private void startNext(Instant now) throws SQLException {
    appending.lock();
    try {
      startSegment(now);
    } finally {
      appending.unlock();
    }
  }

  private void startSegment(Instant now) throws SQLException {
    int number = list.isEmpty() ? 1 : list.getLast().number() + 1;
    Segment next = Segment.empty(number, layout.attached(number), now);
    recovery.attach(next);
    relist(before -> Stream.concat(before.stream(), Stream.of(next)));
  }

  private void export() throws IOException, SQLException {
    for (Segment segment : list.subList(0, list.size() - 1)) {
      if (segment.state() == Segment.State.ATTACHED) {
        exportOrDrop(segment);
      }
    }
  }

  private void exportOrDrop(Segment segment) throws IOException, SQLException {
    if (segment.isEmpty()) {
      forget(segment);
      Recovery.delete(segment.file());
      return;
    }
    Path parquet = layout.closed(segment.number());
    Path unfinished = parquet.resolveSibling(parquet.getFileName() + Layout.UNFINISHED);
    try {
      copy(segment, unfinished);
    } catch (SQLException e) {
      Files.deleteIfExists(unfinished);
      putAsideOrThrow(segment, e);
      return;
    }
    Files.move(unfinished, parquet, StandardCopyOption.ATOMIC_MOVE);
    PayloadFiles.force(layout.segments());
    replace(segment, segment.closedAs(parquet));
    detach(segment);
    Recovery.delete(segment.file());
  }

  private void putAsideOrThrow(Segment segment, SQLException why) throws IOException, SQLException {
    if (recovery.isReadable(segment)) {
      throw why;
    }
    putAside(segment, why);
  }

  private void copy(Segment segment, Path to) throws SQLException, IOException {
    db.execute(
        "COPY (SELECT * FROM " + segment.source() + " ORDER BY id) TO " + DuckDb.quoted(to)
            + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + ROW_GROUP + ")");
    try (FileChannel file = FileChannel.open(to, StandardOpenOption.WRITE)) {
      file.force(true);
    }
  }

  private void drop(Instant now) throws IOException, SQLException {
    Instant limit = now.minus(limits.ageMax());
    while (list.size() > 1 && isTooMuch(list.getFirst(), limit)) {
      drop(list.getFirst());
    }
  }

  private boolean isTooMuch(Segment oldest, Instant limit) {
    long attached = list.stream().filter(each -> each.state() == Segment.State.ATTACHED).count();
    return oldest.newest().isBefore(limit) || bytes() > limits.bytesMax() || attached > ATTACHED_MAX;
  }

  private void drop(Segment segment) throws IOException, SQLException {
    appending.lock();
    try {
      Set<String> unnamed = payloadNames(List.of(segment));
      forget(segment);
      Recovery.delete(segment.file());
      unnamed.removeAll(payloadNames(list));
      for (String name : unnamed) {
        payloads.remove(name);
      }
    } finally {
      appending.unlock();
    }
  }

  private Set<String> payloadNames(List<Segment> of) throws SQLException {
    if (of.isEmpty()) {
      return new HashSet<>();
    }
    return new HashSet<>(
        new Union(db, of).select("DISTINCT payload_sha256", "WHERE payload_sha256 <> ''", List.of(), row -> row.getString(1)));
  }

  /// Takes a segment off the list and detaches it.
  private void forget(Segment segment) throws SQLException {
    relist(before -> before.stream().filter(each -> each.number() != segment.number()));
    if (segment.state() == Segment.State.ATTACHED) {
      detach(segment);
    }
  }

  /// Waits for those who still read it; those who come later no longer find it on the list.
  private void detach(Segment segment) throws SQLException {
    inUse.writeLock().lock();
    try {
      db.execute("DETACH " + segment.alias());
    } finally {
      inUse.writeLock().unlock();
    }
  }

  private void replace(Segment before, Segment after) {
    relist(segments -> segments.stream().map(each -> each.number() == before.number() ? after : each));
  }

  private synchronized void relist(Function<List<Segment>, Stream<Segment>> change) {
    list = change.apply(list).toList();
  }

  @Override
  public void close() throws SQLException {
    writer.close();
  }
}
