package dev.faultline.isolation.group;

import dev.faultline.fault.Occurrence;
import dev.faultline.serving.model.VersionOrder;
import java.time.Instant;

/// Whether somebody said that a group's fault is gone, and whether it came back.
public sealed interface GroupState {

  /// Nobody said so.
  record Open() implements GroupState {
    public static final Open INSTANCE = new Open();
  }

  /// Gone from `version` on, said at `at`. `version` is empty when it is said to be gone whatever the version.
  record Resolved(String version, Instant at) implements GroupState {

    /// A fault of an older version says nothing against it; one whose version is not known does.
    boolean isContradictedBy(Occurrence occurrence, String seenIn) {
      boolean older = !version.isEmpty() && !seenIn.isEmpty() && VersionOrder.INSTANCE.compare(seenIn, version) < 0;
      return !older && !occurrence.occurredAt().isBefore(at);
    }
  }

  /// Seen again: `fault` is the first of those that showed it.
  record Regressed(Regression regression, String fault, Instant at) implements GroupState {}

  /// What a fault of the group on a version makes of it.
  default GroupState after(Occurrence occurrence, String seenIn) {
    return this instanceof Resolved resolved && resolved.isContradictedBy(occurrence, seenIn)
        ? new Regressed(new Regression(resolved.version(), seenIn), occurrence.id(), occurrence.occurredAt())
        : this;
  }

  /// `OPEN`, `RESOLVED` or `REGRESSED`.
  default String label() {
    return switch (this) {
      case Open _ -> "OPEN";
      case Resolved _ -> "RESOLVED";
      case Regressed _ -> "REGRESSED";
    };
  }
}
