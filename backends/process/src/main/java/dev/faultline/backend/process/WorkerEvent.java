package dev.faultline.backend.process;

import dev.faultline.fault.Evidence;

/// Something that happened to the worker of a model version, for metrics and logs.
public sealed interface WorkerEvent {

  /// A worker has loaded the model.
  record Started(long pid, long millis) implements WorkerEvent {}

  /// The worker that answers requests died with `inside` runs in it. `cause` is why, as far as that is known, `reason` says it in words.
  record Died(DeathCause cause, String reason, Evidence.Death death, int inside) implements WorkerEvent {}

  /// A worker that had loaded the model is gone, however it ended.
  record Ended(long pid) implements WorkerEvent {}

  /// A start is due in `delayMillis`.
  record Restarting(int attempt, long delayMillis) implements WorkerEvent {}

  /// A request that was in a worker when another one killed it was answered after all.
  record BystanderServed() implements WorkerEvent {}

  /// A request ended as `infer.crashed`.
  record RunLost(DeathCause cause) implements WorkerEvent {}

  /// An input was put into quarantine.
  record Quarantined(String digest, int kills) implements WorkerEvent {}

  /// A request was refused because its input is in quarantine.
  record Refused(String digest) implements WorkerEvent {}

  /// What the worker holds in memory, told every now and then.
  record Resident(long pid, long bytes) implements WorkerEvent {}
}
