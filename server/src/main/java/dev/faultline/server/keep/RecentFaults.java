package dev.faultline.server.keep;

import dev.faultline.fault.Occurrence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// The latest faults in memory, so that one can be asked for the moment its answer was sent, before it is on disk. Bounded by number
/// and by bytes; the oldest make room.
final class RecentFaults {
  static final int COUNT_MAX = 2_000;
  static final long BYTES_MAX = 32L << 20;

  private final Map<String, Kept> byId = new LinkedHashMap<>();
  private final List<Consumer<Kept>> listeners = new java.util.concurrent.CopyOnWriteArrayList<>();
  private long bytes;

  void put(Kept kept) {
    synchronized (this) {
      byId.put(kept.occurrence().id(), kept);
      bytes += kept.weightBytes();
      makeRoom();
    }
    listeners.forEach(listener -> listener.accept(kept));
  }

  /// Puts a fault that knows more in the place of the same fault, if it is still here.
  synchronized void replace(Occurrence more) {
    byId.computeIfPresent(more.id(), (_, kept) -> kept.knowing(more));
  }

  synchronized Optional<Kept> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// Latest first.
  synchronized List<Kept> list() {
    return new ArrayList<>(byId.values()).reversed();
  }

  /// `listener` hears of every fault, on the request's thread: it must not wait.
  void listen(Consumer<Kept> listener) {
    listeners.add(listener);
  }

  void forget(Consumer<Kept> listener) {
    listeners.remove(listener);
  }

  private void makeRoom() {
    var oldest = byId.values().iterator();
    while ((byId.size() > COUNT_MAX || bytes > BYTES_MAX) && byId.size() > 1) {
      bytes -= oldest.next().weightBytes();
      oldest.remove();
    }
  }
}
