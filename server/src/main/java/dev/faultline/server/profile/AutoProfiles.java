package dev.faultline.server.profile;

import dev.faultline.fault.Clock;
import dev.faultline.request.ResolvedVersion;
import dev.faultline.server.keep.Kept;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a short profile by itself when something is wrong with time or memory, so that it shows the trouble and not the quiet after it.
///
/// A burst of timeouts of one fault group is profiled by the wall clock, which sees what waits and what computes, and the profile belongs to
/// that group. A heap that stays fuller than [#HEAP_SHARE_MAX] after collections is profiled for what is allocated and stays. Both within a
/// budget: [#SECONDS] each, [#PER_HOUR_MAX] an hour, one an hour for each cause. What is refused for that, or because another
/// profile runs, is counted.
public final class AutoProfiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AutoProfiles.class);
  static final int SECONDS = 10;
  static final int PER_HOUR_MAX = 6;
  static final double HEAP_SHARE_MAX = 0.9;
  private static final Duration BURST_WINDOW = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int GROUPS_MAX = 1_000;
  private static final long LOOK_SECONDS = 5;
  private static final String HEAP = "heap";

  /// What became of an occasion.
  public enum Result {
    STARTED,
    OVER_BUDGET,
    BUSY
  }

  private final Profiles profiles;
  private final int burst;
  private final DoubleSupplier heapShare;
  private final InstantSource clock;
  private final Map<String, Deque<Instant>> timeouts = new LinkedHashMap<>();
  private final Map<String, Instant> lastByCause = new LinkedHashMap<>();
  private final Deque<Instant> started = new ArrayDeque<>();
  private final Map<Result, Long> counts = new LinkedHashMap<>();
  private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("faultline-profile-watch").factory());

  /// `burst` timeouts of a group within a minute are an occasion; `heapShare` says how full the heap was after the last collection.
  AutoProfiles(Profiles profiles, int burst, DoubleSupplier heapShare, InstantSource clock) {
    this.profiles = profiles;
    this.burst = burst;
    this.heapShare = heapShare;
    this.clock = clock;
  }

  /// Looks at the heap from now on, until it is closed.
  public void watchHeap() {
    var _ = watch.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
  }

  public static AutoProfiles of(Profiles profiles, int burst, InstantSource clock) {
    return new AutoProfiles(profiles, burst, AutoProfiles::heapShare, clock);
  }

  /// Hears of every fault and suspicion.
  public synchronized void onFault(Kept kept) {
    String group = kept.context().group();
    boolean concerns = Clock.of(kept.occurrence().fault()).filter(each -> each != Clock.CALLER_LEFT).isPresent();
    if (concerns && !group.isEmpty() && isBurst(group)) {
      ResolvedVersion version = kept.passage().version();
      String reason = burst + " timeouts within a minute: " + kept.occurrence().fault().code().label();
      start(group, new Wish(version.model(), version.version(), ProfileEvent.WALL, SECONDS, Wish.Origin.AUTO, reason, group));
    }
  }

  /// How often there was an occasion, by what became of it.
  public synchronized Map<Result, Long> counts() {
    return Map.copyOf(counts);
  }

  @Override
  public void close() {
    watch.shutdownNow();
  }

  synchronized void look() {
    double share = heapShare.getAsDouble();
    if (share >= HEAP_SHARE_MAX && !isRecent(HEAP)) {
      start(HEAP, new Wish("", "", ProfileEvent.LIVE, SECONDS, Wish.Origin.AUTO, "the heap is %.0f %% full after a collection".formatted(100 * share), ""));
    }
  }

  private boolean isBurst(String group) {
    if (!timeouts.containsKey(group) && timeouts.size() >= GROUPS_MAX) {
      timeouts.remove(timeouts.keySet().iterator().next());
    }
    Deque<Instant> recent = timeouts.computeIfAbsent(group, _ -> new ArrayDeque<>());
    Instant now = clock.instant();
    recent.addLast(now);
    while (recent.size() > burst || recent.getFirst().isBefore(now.minus(BURST_WINDOW))) {
      recent.removeFirst();
    }
    if (recent.size() < burst) {
      return false;
    }
    // the next burst is the next so many
    recent.clear();
    return true;
  }

  private void start(String cause, Wish wish) {
    Result result = isRecent(cause) || isSpent() ? Result.OVER_BUDGET : started(cause, wish);
    counts.merge(result, 1L, Long::sum);
  }

  private Result started(String cause, Wish wish) {
    return switch (profiles.start(wish)) {
      case Profiles.Answer.Busy _ -> Result.BUSY;
      case Profiles.Answer.Started(var document) -> {
        Instant now = clock.instant();
        started.addLast(now);
        lastByCause.put(cause, now);
        LOG.info("profile {} is taken of {}: {}", document.path("id").asText(), wish.subject(), wish.reason());
        yield Result.STARTED;
      }
    };
  }

  private boolean isRecent(String cause) {
    Instant hourAgo = clock.instant().minus(HOUR);
    lastByCause.values().removeIf(at -> at.isBefore(hourAgo));
    return lastByCause.containsKey(cause);
  }

  private boolean isSpent() {
    Instant hourAgo = clock.instant().minus(HOUR);
    started.removeIf(at -> at.isBefore(hourAgo));
    return started.size() >= PER_HOUR_MAX;
  }

  /// Of the fullest pool of the heap that has a limit; 0 before the first collection.
  private static double heapShare() {
    return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP).mapToDouble(AutoProfiles::share).max().orElse(0);
  }

  private static double share(MemoryPoolMXBean pool) {
    MemoryUsage left = pool.getCollectionUsage();
    return left == null || left.getMax() <= 0 ? 0 : (double) left.getUsed() / left.getMax();
  }
}
