package dev.faultline.backend.process;

/// Where the worker of a model version stands.
public sealed interface WorkerState {

  record Running(long pid) implements WorkerState {}

  /// Dead, with the next start `nextMillis` away when this was asked, 0 when it is under way. `attempt` is 1 for the first.
  record Restarting(int attempt, long nextMillis, String reason) implements WorkerState {}

  /// Dead for good, until somebody restarts it: too many starts in a row failed.
  record Failed(String reason) implements WorkerState {}

  record Closed() implements WorkerState {}

  default String label() {
    return switch (this) {
      case Running _ -> "RUNNING";
      case Restarting _ -> "RESTARTING";
      case Failed _ -> "FAILED";
      case Closed _ -> "CLOSED";
    };
  }
}
