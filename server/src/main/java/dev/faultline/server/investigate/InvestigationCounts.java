package dev.faultline.server.investigate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What became of investigations since the start: how many by result, their replays and their time.
public final class InvestigationCounts {
  private final Map<String, LongAdder> results = new ConcurrentHashMap<>();
  private final LongAdder replays = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder passedOver = new LongAdder();

  /// The counts of one investigation.
  public static InvestigationCounts of(String result, int replaysUsed, long tookNanos) {
    var counts = new InvestigationCounts();
    counts.ended(result, replaysUsed, tookNanos);
    return counts;
  }

  /// `result` is a confidence, `bisected`, `failed` or `cancelled`, in lower case.
  void ended(String result, int replaysUsed, long took) {
    results.computeIfAbsent(result, _ -> new LongAdder()).increment();
    replays.add(replaysUsed);
    nanos.add(took);
  }

  void passOver() {
    passedOver.increment();
  }

  public Map<String, LongAdder> results() {
    return results;
  }

  public long replays() {
    return replays.sum();
  }

  public double seconds() {
    return nanos.sum() / 1e9;
  }

  /// Groups that were not investigated by themselves because too many waited.
  public long passedOver() {
    return passedOver.sum();
  }
}
