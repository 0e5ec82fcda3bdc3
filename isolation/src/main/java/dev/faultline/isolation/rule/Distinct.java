package dev.faultline.isolation.rule;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The different values of a field and in how many requests each stands, until there are too many to be a list of categories.
final class Distinct {
  static final int VALUES_MAX = 1_000;

  private static final class Count {
    private int requests;
    private int last = -1;
  }

  private final Map<String, Count> counts = new LinkedHashMap<>();
  private boolean tooMany;

  void add(String value, int request) {
    Count count = counts.get(value);
    if (count == null && counts.size() == VALUES_MAX) {
      tooMany = true;
      counts.clear();
      return;
    }
    if (count == null) {
      count = new Count();
      counts.put(value, count);
    }
    if (count.last != request) {
      count.last = request;
      count.requests++;
    }
  }

  boolean isTooMany() {
    return tooMany;
  }

  int size() {
    return counts.size();
  }

  List<String> values() {
    return List.copyOf(counts.keySet());
  }

  int requests(String value) {
    Count count = counts.get(value);
    return count == null ? 0 : count.requests;
  }

  /// Values that stand in one request only: by Good (1953) and Turing, their share of the requests is what to expect of values not seen yet.
  int alone() {
    return (int) counts.values().stream().filter(count -> count.requests == 1).count();
  }
}
