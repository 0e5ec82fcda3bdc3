package dev.faultline.server.telemetry;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// What one signal has waiting in the SDK's queue. The SDK drops what does not fit without a word; asking here first makes the drop a
/// whole request's, and counts it.
final class Backlog {
  private final String signal;
  private final List<ExportWatch> watches = new CopyOnWriteArrayList<>();
  private final AtomicLong given = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private volatile int waitingMax = Integer.MAX_VALUE;

  Backlog(String signal) {
    this.signal = signal;
  }

  /// A watch for one more exporter of the signal, behind a queue of `queueMax`.
  ExportWatch watch(int queueMax) {
    waitingMax = queueMax;
    var watch = new ExportWatch(signal);
    watches.add(watch);
    return watch;
  }

  /// Whether so many more fit; otherwise they count as dropped.
  boolean hasRoom(int items) {
    long taken = watches.stream().mapToLong(ExportWatch::taken).max().orElse(0);
    boolean room = given.get() - taken + items <= waitingMax;
    if (!room) {
      dropped.addAndGet(items);
    }
    return room;
  }

  void given(int items) {
    given.addAndGet(items);
  }

  void dropped(int items) {
    dropped.addAndGet(items);
  }

  long sent() {
    return watches.stream().mapToLong(ExportWatch::sent).sum();
  }

  long failed() {
    return watches.stream().mapToLong(ExportWatch::failed).sum();
  }

  long dropped() {
    return dropped.get();
  }
}
