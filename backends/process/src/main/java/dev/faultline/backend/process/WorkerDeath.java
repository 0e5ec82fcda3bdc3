package dev.faultline.backend.process;

import dev.faultline.fault.Evidence;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// How a worker died, and with whom.
final class WorkerDeath {

  /// What the death says of one run.
  enum Role {
    /// It had not begun, or had its answer.
    NOT_INSIDE,
    /// It was inside, but the worker died of another run.
    BYSTANDER,
    /// It was inside with others, and one of them killed the worker.
    SUSPECT,
    /// The worker died of it.
    CULPRIT,
    /// It was inside, and the worker died of nothing that runs do.
    LOST
  }

  private final DeathCause cause;
  private final String reason;
  private final Evidence.Death evidence;
  private final List<Run> inside;
  private final List<Run> culprits;
  private final AtomicInteger convictions = new AtomicInteger();

  WorkerDeath(DeathCause cause, String reason, Evidence.Death evidence, List<Run> inside, List<Run> culprits) {
    this.cause = cause;
    this.reason = reason;
    this.evidence = evidence;
    this.inside = List.copyOf(inside);
    this.culprits = List.copyOf(culprits);
  }

  DeathCause cause() {
    return cause;
  }

  /// Such as `SIGFPE in libonnxruntime.so+0xb0f5a0 (exit code 134)`.
  String reason() {
    return reason;
  }

  Evidence.Death evidence() {
    return evidence;
  }

  List<Run> inside() {
    return inside;
  }

  /// How many of those inside have killed another worker since, alone in it.
  AtomicInteger convictions() {
    return convictions;
  }

  Role roleOf(Run run) {
    if (!inside.contains(run)) {
      return Role.NOT_INSIDE;
    }
    return switch (cause) {
      case CRASH, MEMORY -> inside.size() == 1 ? Role.CULPRIT : Role.SUSPECT;
      case HANG -> culprits.contains(run) ? Role.CULPRIT : Role.BYSTANDER;
      case OUTSIDE -> Role.LOST;
      case RENEWED, CLOSED -> Role.BYSTANDER;
    };
  }
}
