package dev.faultline.rollout.judge;

import java.util.LinkedHashSet;
import java.util.List;

/// The latest keys that had a fault, by group and at all, so that a client that tries again counts once.
final class FaultyKeys {
  /// Two entries for each fault with a key; by then no single key weighs much.
  static final int MAX = 8_192;

  private final LinkedHashSet<Long> seen;

  FaultyKeys(List<Long> seen) {
    this.seen = new LinkedHashSet<>(seen);
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
