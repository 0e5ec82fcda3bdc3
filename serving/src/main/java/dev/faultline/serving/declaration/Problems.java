package dev.faultline.serving.declaration;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Everything wrong with what was declared for one model version, in the order it was met.
public final class Problems {
  /// A longer list helps nobody; the rest is counted.
  private static final int LINES_MAX = 50;

  private final Set<String> lines = new LinkedHashSet<>();
  private final List<RuntimeException> causes = new ArrayList<>();
  private int count;

  /// `where` is a file and a path in it, such as `1/contract.yaml: inputs.speed.range`. The same line counts once: a place may be read
  /// more than once.
  public void add(String where, String message) {
    String line = where + ": " + message;
    if (lines.contains(line)) {
      return;
    }
    count++;
    if (lines.size() < LINES_MAX) {
      lines.add(line);
    }
  }

  /// A problem that foreign code met: the throwable is kept for the log.
  public void add(String where, String message, RuntimeException cause) {
    add(where, message);
    if (causes.size() < LINES_MAX) {
      causes.add(cause);
    }
  }

  public int count() {
    return count;
  }

  public boolean isEmpty() {
    return count == 0;
  }

  public List<String> lines() {
    var all = new ArrayList<>(lines);
    if (count > LINES_MAX) {
      all.add("and " + (count - LINES_MAX) + " more");
    }
    return all;
  }

  public List<RuntimeException> causes() {
    return List.copyOf(causes);
  }
}
