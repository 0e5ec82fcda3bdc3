package dev.faultline.rollout;

import java.time.Duration;
import java.util.Optional;

/// What is known of why a candidate fails or differs, for the reason of a rollback.
public interface Causes {
  /// How long a rollback waits for the cause at most, which may also be that the requests are at fault and not the candidate.
  Duration patience();

  /// The cause behind the faults of one kind as a sentence; empty while it is being looked for. Where nobody looks, the symptom.
  Optional<String> of(Rollout rollout, String kind);

  /// What the faults of one kind say of themselves, or "".
  String symptom(Rollout rollout, String kind);

  /// What the mirrored requests have in common on which the candidate differs, or "".
  String ofDifferences(Rollout rollout);
}
