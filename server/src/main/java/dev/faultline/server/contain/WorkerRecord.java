package dev.faultline.server.contain;

import dev.faultline.backend.process.DeathCause;
import java.time.Instant;
import java.util.Map;

/// What became of the workers of one version since the server started. `memoryBytes` is what the living ones hold now; `lastDeath` is
/// empty and `lastDeathAt` the epoch while none has died.
public record WorkerRecord(
    String model,
    String version,
    long starts,
    long restarts,
    Map<DeathCause, Long> deaths,
    long rerun,
    long memoryBytes,
    String lastDeath,
    Instant lastDeathAt) {
  public WorkerRecord {
    deaths = Map.copyOf(deaths);
  }

  static WorkerRecord none(String model, String version) {
    return new WorkerRecord(model, version, 0, 0, Map.of(), 0, 0, "", Instant.EPOCH);
  }
}
