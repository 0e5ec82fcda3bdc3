package dev.faultline.capture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// A capture store that forgets when the process ends: the twin of the durable one, for tests and for servers without a disk.
///
/// Bounded by count and bytes; the oldest capture goes first.
public final class MemoryCaptureStore implements CaptureStore {
  /// Documents of one kind beyond this push out the one kept longest ago.
  static final int KEPT_PER_KIND_MAX = 10_000;

  private final int countMax;
  private final long bytesMax;
  private final NavigableMap<String, Capture> captures = new TreeMap<>();
  private final LinkedHashMap<String, LinkedHashMap<String, String>> documents = new LinkedHashMap<>();
  private long bytes;

  public MemoryCaptureStore(int countMax, long bytesMax) {
    this.countMax = countMax;
    this.bytesMax = bytesMax;
  }

  @Override
  public synchronized void append(List<Capture> batch) {
    for (Capture capture : batch) {
      remember(capture);
    }
    while (captures.size() > countMax || (bytes > bytesMax && captures.size() > 1)) {
      bytes -= captures.pollFirstEntry().getValue().weightBytes();
    }
  }

  private void remember(Capture capture) {
    Capture before = captures.put(capture.id(), capture);
    bytes += capture.weightBytes() - (before == null ? 0 : before.weightBytes());
  }

  @Override
  public synchronized CapturePage query(CaptureQuery query) {
    var page = new ArrayList<Capture>();
    long payload = 0;
    for (Capture capture : older(query.cursor()).values()) {
      if (query.matches(capture)) {
        payload += query.detail() == CaptureQuery.Detail.WHOLE ? capture.payload().length() : 0;
        if (page.size() == query.limit() || (payload > CapturePage.PAYLOAD_BYTES_MAX && !page.isEmpty())) {
          return new CapturePage(page, page.getLast().id());
        }
        page.add(query.detail() == CaptureQuery.Detail.WHOLE ? capture : capture.summary());
      }
    }
    return new CapturePage(page, "");
  }

  private NavigableMap<String, Capture> older(String cursor) {
    return (cursor.isEmpty() ? captures : captures.headMap(cursor, false)).descendingMap();
  }

  @Override
  public synchronized Optional<Capture> find(String id) {
    return Optional.ofNullable(captures.get(id));
  }

  @Override
  public synchronized CaptureStats stats() {
    return new CaptureStats(captures.size(), bytes, bounds(), 0, bytesMax, Duration.ofDays(Long.MAX_VALUE / 86_400), List.of());
  }

  private List<CaptureStats.Span> bounds() {
    return captures.isEmpty()
        ? List.of()
        : List.of(new CaptureStats.Span(captures.firstEntry().getValue().at(), captures.lastEntry().getValue().at()));
  }

  @Override
  public synchronized void keep(String kind, String id, String json) {
    LinkedHashMap<String, String> ofKind = documents.computeIfAbsent(kind, _ -> new LinkedHashMap<>());
    ofKind.putLast(id, json);
    if (ofKind.size() > KEPT_PER_KIND_MAX) {
      ofKind.pollFirstEntry();
    }
  }

  @Override
  public synchronized Optional<String> kept(String kind, String id) {
    return Optional.ofNullable(documents.getOrDefault(kind, new LinkedHashMap<>()).get(id));
  }

  @Override
  public synchronized List<String> kept(String kind, int limit) {
    return documents.getOrDefault(kind, new LinkedHashMap<>()).reversed().values().stream().limit(limit).toList();
  }

  @Override
  public void close() {}
}
