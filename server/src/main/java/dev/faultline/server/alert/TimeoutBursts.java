package dev.faultline.server.alert;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/// Counts timeouts by model version and kind in a sliding minute. Not safe to use from several threads.
final class TimeoutBursts {
  static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int KEYS_MAX = 1_000;

  /// Whose time ran out: `kind` is `queue`, `infer` or `caller_deadline`.
  record Key(String model, String version, String kind) {}

  private final int burst;
  private final Map<Key, Deque<Instant>> times = new LinkedHashMap<>();

  /// `burst` timeouts within the window are one too many.
  TimeoutBursts(int burst) {
    this.burst = burst;
  }

  /// @return whether this one makes it a burst
  boolean add(Key key, Instant at) {
    if (!times.containsKey(key) && times.size() >= KEYS_MAX) {
      return false;
    }
    Deque<Instant> recent = times.computeIfAbsent(key, _ -> new ArrayDeque<>());
    recent.addLast(at);
    forget(recent, at);
    while (recent.size() > burst) {
      recent.removeFirst();
    }
    return recent.size() == burst;
  }

  /// Forgets who has been quiet for the whole window.
  void forgetQuiet(Instant now) {
    times.values().forEach(recent -> forget(recent, now));
    times.values().removeIf(Deque::isEmpty);
  }

  private static void forget(Deque<Instant> recent, Instant now) {
    while (!recent.isEmpty() && recent.getFirst().isBefore(now.minus(WINDOW))) {
      recent.removeFirst();
    }
  }
}
