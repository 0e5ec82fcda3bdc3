package dev.faultline.backend.process;

/// When a dead worker is started again. The first `immediateMax` times at once, then after `firstDelayMillis`, twice that, and so on up
/// to `delayMillisMax`. A worker that lived `stableMillis` starts the count anew. After `failedStartsMax` starts in a row that did not
/// get as far as a loaded model nobody tries any more.
///
/// A request waits `waitMillis` for the next start; when that is further away it is refused at once.
public record RestartPolicy(
    int immediateMax, long firstDelayMillis, long delayMillisMax, long stableMillis, int failedStartsMax, long waitMillis) {
  public static final RestartPolicy STANDARD = new RestartPolicy(3, 250, 30_000, 20_000, 10, 5_000);

  private static final int DOUBLINGS_MAX = 20;

  /// @param attempt 1 for the first start after a death
  public long delayMillis(int attempt) {
    int doublings = Math.min(DOUBLINGS_MAX, attempt - immediateMax - 1);
    return doublings < 0 ? 0 : Math.min(delayMillisMax, firstDelayMillis << doublings);
  }
}
