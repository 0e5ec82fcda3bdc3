package dev.faultline.backend.process;

import dev.faultline.serving.backend.RunControl.StopReason;
import java.nio.file.Path;

/// How workers are kept.
///
/// `crashLogs` is the folder where crash logs stay, at most `crashLogsMax` of them. `sparesMax` workers wait with their engine loaded to
/// replace one that dies. A worker runs at most `slotsMax` requests at once, whose inputs, and whose outputs, may take
/// `regionBytesMax` each. A start may take `startMillisMax`, a load `loadMillisMax`. A run that has not returned `hangKillMillis` after
/// it was told to stop for the model's own limit is a hang, which ends its worker; one whose caller has no more use for it gets
/// `abandonedKillMillis`, lest impatient callers end the worker for all others.
public record ProcessSettings(
    Path crashLogs,
    int crashLogsMax,
    int sparesMax,
    int slotsMax,
    long regionBytesMax,
    long startMillisMax,
    long loadMillisMax,
    long hangKillMillis,
    long abandonedKillMillis,
    RestartPolicy restart,
    QuarantinePolicy quarantine) {

  public static ProcessSettings standard(Path crashLogs) {
    return new ProcessSettings(
        crashLogs, 20, 1, 64, 1L << 30, 30_000, 300_000, 250, 5_000, RestartPolicy.STANDARD, QuarantinePolicy.STANDARD);
  }

  public ProcessSettings withHangKillMillis(long millis) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, sparesMax, slotsMax, regionBytesMax, startMillisMax, loadMillisMax, millis, Math.max(millis, abandonedKillMillis), restart, quarantine);
  }

  public ProcessSettings withRestart(RestartPolicy policy) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, sparesMax, slotsMax, regionBytesMax, startMillisMax, loadMillisMax, hangKillMillis, abandonedKillMillis, policy, quarantine);
  }

  public ProcessSettings withRegionBytesMax(long bytes) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, sparesMax, slotsMax, bytes, startMillisMax, loadMillisMax, hangKillMillis, abandonedKillMillis, restart, quarantine);
  }

  public ProcessSettings withSparesMax(int spares) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, spares, slotsMax, regionBytesMax, startMillisMax, loadMillisMax, hangKillMillis, abandonedKillMillis, restart, quarantine);
  }

  public ProcessSettings withAbandonedKillMillis(long millis) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, sparesMax, slotsMax, regionBytesMax, startMillisMax, loadMillisMax, hangKillMillis, millis, restart, quarantine);
  }

  public ProcessSettings withQuarantine(QuarantinePolicy policy) {
    return new ProcessSettings(
        crashLogs, crashLogsMax, sparesMax, slotsMax, regionBytesMax, startMillisMax, loadMillisMax, hangKillMillis, abandonedKillMillis, restart, policy);
  }

  long killMillis(StopReason reason) {
    return switch (reason) {
      case TIMEOUT -> hangKillMillis;
      case DEADLINE, CANCELLED -> abandonedKillMillis;
    };
  }
}
