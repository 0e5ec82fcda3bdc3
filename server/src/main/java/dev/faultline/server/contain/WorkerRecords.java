package dev.faultline.server.contain;

import dev.faultline.backend.process.DeathCause;
import dev.faultline.backend.process.WorkerEvent;
import dev.faultline.backend.process.WorkerListener;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hears what happens to workers: logs it, and counts it by version.
///
/// At most [#VERSIONS_MAX] versions are remembered; beyond that the one least recently heard of is forgotten.
public final class WorkerRecords implements WorkerListener {
  static final int VERSIONS_MAX = 1_000;
  private static final Logger LOG = LoggerFactory.getLogger(WorkerRecords.class);

  private record Key(String model, String version) {}

  private final InstantSource clock;
  private final Map<Key, Tally> tallies = new LinkedHashMap<>(16, 0.75f, true);

  WorkerRecords(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public void on(String model, String version, WorkerEvent event) {
    log(model, version, event);
    synchronized (this) {
      tallies.computeIfAbsent(new Key(model, version), _ -> new Tally()).count(event, clock);
      if (tallies.size() > VERSIONS_MAX) {
        tallies.remove(tallies.keySet().iterator().next());
      }
    }
  }

  /// Of every version that has had a worker.
  public synchronized List<WorkerRecord> all() {
    return tallies.entrySet().stream().map(each -> each.getValue().record(each.getKey())).toList();
  }

  public WorkerRecord of(String model, String version) {
    return all().stream()
        .filter(each -> each.model().equals(model) && each.version().equals(version))
        .findFirst()
        .orElseGet(() -> WorkerRecord.none(model, version));
  }

  private static void log(String model, String version, WorkerEvent event) {
    switch (event) {
      case WorkerEvent.Started(long pid, long millis) -> LOG.info("model {} version {} runs in process {}, started in {} ms", model, version, pid, millis);
      case WorkerEvent.Restarting(int attempt, long delayMillis) -> LOG.info("model {} version {}: its process is started again in {} ms, attempt {}", model, version, delayMillis, attempt);
      case WorkerEvent.Quarantined(String digest, int kills) -> LOG.warn("model {} version {}: input {} killed its process {} times and is refused from now on (faultline quarantine)", model, version, digest, kills);
      // a death is logged with its evidence by the backend, the others with the request that they belong to
      case WorkerEvent.Died _, WorkerEvent.BystanderServed _, WorkerEvent.RunLost _, WorkerEvent.Refused _, WorkerEvent.Resident _, WorkerEvent.Ended _ -> {}
    }
  }

  private static final class Tally {
    private long starts;
    private long restarts;
    private final Map<DeathCause, Long> deaths = new EnumMap<>(DeathCause.class);
    private long rerun;
    private final Map<Long, Long> residentBytes = new HashMap<>();
    private String lastDeath = "";
    private Instant lastDeathAt = Instant.EPOCH;

    void count(WorkerEvent event, InstantSource clock) {
      switch (event) {
        case WorkerEvent.Started(long pid, long _) -> {
          starts++;
          residentBytes.put(pid, 0L);
        }
        case WorkerEvent.Died died -> {
          deaths.merge(died.cause(), 1L, Long::sum);
          lastDeath = died.reason();
          lastDeathAt = clock.instant();
        }
        case WorkerEvent.Restarting _ -> restarts++;
        case WorkerEvent.BystanderServed _ -> rerun++;
        case WorkerEvent.Resident(long pid, long bytes) -> residentBytes.computeIfPresent(pid, (_, _) -> bytes);
        case WorkerEvent.Ended(long pid) -> residentBytes.remove(pid);
        case WorkerEvent.RunLost _, WorkerEvent.Quarantined _, WorkerEvent.Refused _ -> {}
      }
    }

    WorkerRecord record(Key key) {
      long bytes = residentBytes.values().stream().mapToLong(Long::longValue).sum();
      return new WorkerRecord(key.model, key.version, starts, restarts, deaths, rerun, bytes, lastDeath, lastDeathAt);
    }
  }
}
