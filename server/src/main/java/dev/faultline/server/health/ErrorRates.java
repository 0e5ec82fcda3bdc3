package dev.faultline.server.health;

import dev.faultline.fault.Blame;
import dev.faultline.request.Outcome;
import dev.faultline.request.OutcomeListener;
import dev.faultline.request.ResolvedVersion;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What share of each version's requests failed in the last minute, and whether that makes it degraded.
///
/// A version is degraded from the moment its share reaches the limit, and sound again when it has fallen below half of that, or when so few requests
/// came in a minute that nothing can be said: it never stays degraded for want of traffic. The distance between the two keeps it from
/// flapping. Faults that are the caller's do not count, for a client with a bug makes no model bad.
public final class ErrorRates implements OutcomeListener {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorRates.class);
  /// Versions told apart; further ones are never degraded.
  private static final int VERSIONS_MAX = 1_000;
  private static final long BUCKET_NANOS = 5_000_000_000L;
  private static final int BUCKETS = 12;

  /// `rate` and more of at least `requestsMin` requests a minute is degraded.
  public record Rules(double rate, int requestsMin) {}

  /// How a version does. `failed` of `requests` in the last minute.
  public record Standing(boolean isDegraded, long requests, long failed) {
    static final Standing SOUND = new Standing(false, 0, 0);

    public double rate() {
      return requests == 0 ? 0 : (double) failed / requests;
    }

    /// For people; empty when it is not degraded.
    public String reason() {
      return isDegraded ? "%d of its last %d requests failed (%.0f %% within a minute)".formatted(failed, requests, 100 * rate()) : "";
    }
  }

  private final Rules rules;
  private final LongSupplier nanoClock;
  private final Map<ResolvedVersion, Window> windows = new ConcurrentHashMap<>();

  public ErrorRates(Rules rules, LongSupplier nanoClock) {
    this.rules = rules;
    this.nanoClock = nanoClock;
  }

  @Override
  public void onOutcome(Outcome outcome) {
    ResolvedVersion version = outcome.passage().version();
    if (version.isNone() || (windows.size() >= VERSIONS_MAX && !windows.containsKey(version))) {
      return;
    }
    boolean failed = outcome instanceof Outcome.Faulted faulted && faulted.fault().blame() != Blame.CALLER;
    windows.computeIfAbsent(version, Window::new).add(nanoClock.getAsLong(), failed);
  }

  public Standing of(ResolvedVersion version) {
    return Optional.ofNullable(windows.get(version)).map(window -> window.standing(nanoClock.getAsLong())).orElse(Standing.SOUND);
  }

  /// Of every version that was asked for, by what it is.
  public Map<ResolvedVersion, Standing> all() {
    long now = nanoClock.getAsLong();
    var all = new LinkedHashMap<ResolvedVersion, Standing>();
    windows.forEach((version, window) -> all.put(version, window.standing(now)));
    return all;
  }

  /// Counts of the last minute, in pieces that go one by one.
  private final class Window {
    private final ResolvedVersion version;
    private final long[] requests = new long[BUCKETS];
    private final long[] failed = new long[BUCKETS];
    private long newest = Long.MIN_VALUE;
    private boolean degraded;

    Window(ResolvedVersion version) {
      this.version = version;
    }

    synchronized void add(long now, boolean isFailed) {
      int at = advance(now);
      requests[at]++;
      failed[at] += isFailed ? 1 : 0;
      judge();
    }

    synchronized Standing standing(long now) {
      var _ = advance(now);
      judge();
      return new Standing(degraded, sum(requests), sum(failed));
    }

    /// Clears the pieces that time has passed over.
    private int advance(long now) {
      long bucket = Math.floorDiv(now, BUCKET_NANOS);
      long first = newest == Long.MIN_VALUE ? bucket : Math.max(newest + 1, bucket - BUCKETS + 1);
      for (long each = first; each <= bucket; each++) {
        requests[index(each)] = 0;
        failed[index(each)] = 0;
      }
      newest = Math.max(newest, bucket);
      return index(newest);
    }

    private static int index(long bucket) {
      return (int) Math.floorMod(bucket, (long) BUCKETS);
    }

    private void judge() {
      long all = sum(requests);
      double rate = all == 0 ? 0 : (double) sum(failed) / all;
      if (!degraded && all >= rules.requestsMin() && rate >= rules.rate()) {
        degraded = true;
        LOG.warn("model {} is degraded: {} of its last {} requests failed", version, sum(failed), all);
      } else if (degraded && (all < rules.requestsMin() || rate < rules.rate() / 2)) {
        degraded = false;
        LOG.info("model {} is no longer degraded: {} of its last {} requests failed", version, sum(failed), all);
      }
    }

    private static long sum(long[] counts) {
      long sum = 0;
      for (long count : counts) {
        sum += count;
      }
      return sum;
    }
  }
}
