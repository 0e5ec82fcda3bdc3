package dev.faultline.rollout;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What became of the requests that were drawn to be mirrored.
public final class ShadowTally {

  /// The ends of a mirrored request.
  public enum End {
    SAME("same"),
    WITHIN_TOLERANCE("within_tolerance"),
    DIFFERENT("different"),
    CANDIDATE_FAILED("candidate_failed"),
    /// Not run: the baseline was busy, or too many waited.
    SHED("shed");

    private final String label;

    End(String label) {
      this.label = label;
    }

    public String label() {
      return label;
    }
  }

  private final Map<End, LongAdder> counts = new ConcurrentHashMap<>();

  void add(End end) {
    counts.computeIfAbsent(end, _ -> new LongAdder()).increment();
  }

  public long count(End end) {
    LongAdder count = counts.get(end);
    return count == null ? 0 : count.sum();
  }
}
