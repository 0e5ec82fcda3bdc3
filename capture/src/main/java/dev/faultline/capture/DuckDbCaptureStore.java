package dev.faultline.capture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The durable capture store: an embedded DuckDB whose rows are appended to one segment at a time, closed segments as Parquet.
///
/// What [#append] acknowledged survives a kill of the process at any moment. Opening returns as soon as the directory is this
/// process's; the engine starts on the store's own thread, and whoever asks first waits for it. Segments, their order and what
/// survives are described in [Segments], the directory in [Layout], the columns in [CaptureRow].
///
/// The engine's native library is unpacked from its jar at each start (half a second) unless the jar on the class path has none and
/// `-Djava.library.path` names a directory with `libduckdb_java.so`.
public final class DuckDbCaptureStore implements CaptureStore {
  private static final int MAINTAIN_SECONDS = 30;
  private static final int CLOSE_SECONDS = 30;

  /// The engine once it has started.
  private record Opened(DuckDb db, Segments segments, KeptDocuments documents) {}

  @FunctionalInterface
  private interface Question<T> {
    T to(Opened opened) throws IOException, SQLException;
  }

  private final Layout layout;
  private final StoreLimits limits;
  private final InstantSource clock;
  private final StoreLock lock;
  private final Findings findings = new Findings();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("faultline-capture-store").unstarted(task));
  private final Future<Opened> opening;
  private volatile boolean closed;

  private DuckDbCaptureStore(Layout layout, StoreLimits limits, InstantSource clock, StoreLock lock) {
    this.layout = layout;
    this.limits = limits;
    this.clock = clock;
    this.lock = lock;
    this.opening = thread.submit(this::start);
    var _ = thread.scheduleWithFixedDelay(this::maintain, MAINTAIN_SECONDS, MAINTAIN_SECONDS, TimeUnit.SECONDS);
  }

  /// Opens the store in a directory, which is made when there is none.
  ///
  /// @throws CaptureStoreException when the directory cannot be used, or another process uses it
  public static DuckDbCaptureStore open(Path directory, StoreLimits limits, InstantSource clock) {
    var layout = new Layout(directory.toAbsolutePath().normalize());
    try {
      layout.create();
      return new DuckDbCaptureStore(layout, limits, clock, StoreLock.take(layout.lock()));
    } catch (IOException e) {
      throw new CaptureStoreException(
          "capture store " + layout.root() + " cannot be used: " + e + " (expected: a directory that this user may write)", e);
    }
  }

  private Opened start() throws IOException, SQLException {
    DuckDb db = DuckDb.open(layout.spill(), limits.memoryBytes());
    var segments = new Segments(db, layout, limits, findings, clock.instant());
    return new Opened(db, segments, new KeptDocuments(db, limits.keptPerKindMax()));
  }

  @Override
  public void append(List<Capture> batch) {
    if (batch.isEmpty()) {
      return;
    }
    ask(
        "keep " + batch.size() + " captures",
        opened -> {
          requireSpace(batch);
          opened.segments.append(batch);
          maintainIfDue(opened);
          return batch;
        });
  }

  private void requireSpace(List<Capture> batch) throws IOException {
    long free = Files.getFileStore(layout.root()).getUsableSpace();
    long needed = limits.diskReserveBytes() + batch.stream().mapToLong(Capture::weightBytes).sum();
    if (free < needed) {
      throw new CaptureStoreException(
          "capture store " + layout.root() + " is on a disk with " + free + " bytes free (expected: at least " + needed
              + "; mend: free space, or lower the store's size limit)");
    }
  }

  private void maintainIfDue(Opened opened) {
    if (opened.segments.isDue(clock.instant())) {
      var _ = thread.submit(this::maintain);
    }
  }

  /// Closes, exports and drops segments as the limits say. The store does this by itself; tests call it to have it done now.
  void maintain() {
    try {
      Opened opened = opened();
      opened.segments.maintain(clock.instant());
    } catch (IOException | SQLException | CaptureStoreException e) {
      findings.add("segments could not be closed or dropped yet, this is tried again every " + MAINTAIN_SECONDS + " s", e);
    }
  }

  @Override
  public CapturePage query(CaptureQuery query) {
    return ask(
        "be queried",
        opened ->
            opened
                .segments
                .read(segment -> segment.mayAnswer(query), union -> union.page(query, opened.segments.payloads()))
                .stream()
                .findFirst()
                .orElse(new CapturePage(List.of(), "")));
  }

  @Override
  public Optional<Capture> find(String id) {
    return ask(
        "find a capture",
        opened ->
            opened.segments.read(segment -> segment.mayHold(id), union -> union.find(id, opened.segments.payloads())).stream()
                .findFirst());
  }

  @Override
  public CaptureStats stats() {
    return ask("be measured", opened -> stats(opened.segments));
  }

  private CaptureStats stats(Segments segments) {
    List<Segment> filled = segments.list().stream().filter(segment -> !segment.isEmpty()).toList();
    return new CaptureStats(
        filled.stream().mapToLong(Segment::rows).sum(),
        segments.bytes(),
        filled.isEmpty() ? List.of() : List.of(span(filled)),
        segments.list().size(),
        limits.bytesMax(),
        limits.ageMax(),
        findings.all());
  }

  private static CaptureStats.Span span(List<Segment> filled) {
    Instant oldest = filled.stream().map(Segment::oldest).min(Instant::compareTo).orElseThrow();
    Instant newest = filled.stream().map(Segment::newest).max(Instant::compareTo).orElseThrow();
    return new CaptureStats.Span(oldest, newest);
  }

  @Override
  public void keep(String kind, String id, String json) {
    ask(
        "keep a document",
        opened -> {
          opened.documents.keep(kind, id, json);
          return id;
        });
  }

  @Override
  public Optional<String> kept(String kind, String id) {
    return ask("find a document", opened -> opened.documents.find(kind, id));
  }

  @Override
  public List<String> kept(String kind, int limit) {
    return ask("list documents", opened -> opened.documents.newest(kind, limit));
  }

  private <T> T ask(String purpose, Question<T> question) {
    try {
      return question.to(opened());
    } catch (IOException | SQLException e) {
      throw new CaptureStoreException("capture store " + layout.root() + " could not " + purpose + ": " + e.getMessage(), e);
    }
  }

  private Opened opened() {
    if (closed) {
      throw new CaptureStoreException("capture store " + layout.root() + " is closed");
    }
    try {
      return opening.get();
    } catch (ExecutionException | CancellationException e) {
      throw new CaptureStoreException(
          "capture store " + layout.root() + " could not be opened: " + deepest(e) + " (mend: as the cause says, or move the directory away)", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CaptureStoreException("interrupted while capture store " + layout.root() + " was opening", e);
    }
  }

  private static Throwable deepest(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return cause == null ? thrown : deepest(cause);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      stopThread();
      if (opening.state() == Future.State.SUCCESS) {
        Opened opened = opening.resultNow();
        opened.segments.close();
        opened.db.close();
      }
      lock.close();
    } catch (IOException | SQLException e) {
      throw new CaptureStoreException("capture store " + layout.root() + " could not be closed in order: " + e.getMessage(), e);
    }
  }

  private void stopThread() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        findings.add("the store's thread was still at work " + CLOSE_SECONDS + " s after closing began");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
