package dev.faultline.rollout.judge;

import java.util.LinkedHashSet;
import java.util.List;

/// The latest keys that had a fault, by group and at all, so that a client that tries again counts once.
///
/// Without a key the same id, or the same bytes from the same client are taken for tries of one request: the bytes count once in each [#TRIES_MILLIS]. Which of them counts is known before its version is looked
/// at, so that the test stays valid; a window rather than once for ever, so that a probe that always sends the same is heard again.
final class FaultyKeys {
  /// Two entries for each fault with a key, four for one without; by then no single key weighs much.
  static final int MAX = 8_192;

  /// How long tries of one request count as one fault: longer than clients go on trying, most of the time.
  static final long TRIES_MILLIS = 300_000;

  private final LinkedHashSet<Long> seen;

  FaultyKeys(List<Long> seen) {
    this.seen = new LinkedHashSet<>(seen);
  }

  /// Under what a fault is remembered: its key, and what it is like and when, as far as they are known.
  static List<String> keysOf(Observation observation) {
    String tries = observation.likeness().isEmpty() ? "" : "like " + observation.likeness() + " in " + observation.at().toEpochMilli() / TRIES_MILLIS;
    return List.of(observation.requestKey(), tries);
  }

  /// Whether it is the first time for each of them; all are remembered.
  boolean isFirst(String group, List<String> keys) {
    return keys.stream().filter(key -> !isFirst(group, key)).count() == 0;
  }

  /// Whether it is the first time; "" is always.
  boolean isFirst(String group, String key) {
    if (key.isEmpty()) {
      return true;
    }
    if (!seen.add(Hash.of(group, key))) {
      return false;
    }
    if (seen.size() > MAX) {
      seen.removeFirst();
    }
    return true;
  }

  List<Long> state() {
    return List.copyOf(seen);
  }
}
