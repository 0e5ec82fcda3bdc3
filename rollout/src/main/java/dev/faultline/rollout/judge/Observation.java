package dev.faultline.rollout.judge;

import java.time.Instant;
import java.util.List;

/// What the judge of a canary learns of one request.
///
/// - `share`: the probability, known before the request was assigned, that the candidate gets it; within [0, 1]. It is what the test rests on:
///   a request that was not drawn (pinned by its caller, or answered by another version in need) must not be observed.
/// - `group`: what kind of fault it was, "" when it was served. It must be formed without regard to the version: a fault's code, or its code
///   and input field. A fingerprint that holds a node's name or a version makes of one fault two groups, each of one arm, and accuses the candidate.
/// - `latencyMillis`, `outputs`: of served requests; of others they are not looked at.
/// - `requestKey`: what the assignment hashed, when that was more than the request itself: a user, a client, the payload; of a fault also the request's id, which its tries may share. A key counts once for each group,
///   and once for latency and outputs, so that neither retries nor one busy client decide. "" when each request was drawn anew.
/// - `likeness`: of a fault without a key, a digest of who sent what, so that a request that is tried again counts once in a while ([FaultyKeys]); "" when it is not known.
public record Observation(Arm arm, double share, Instant at, String group, double latencyMillis, List<OutputFact> outputs, String requestKey, String likeness) {

  /// One whose tries cannot be told from other requests.
  public Observation(Arm arm, double share, Instant at, String group, double latencyMillis, List<OutputFact> outputs, String requestKey) {
    this(arm, share, at, group, latencyMillis, outputs, requestKey, "");
  }

  public Observation {
    outputs = List.copyOf(outputs);
    if (!(share >= 0 && share <= 1)) {
      throw new IllegalArgumentException("share " + share + " (expected: the candidate's share of the traffic, from 0 to 1)");
    }
  }

  boolean isServed() {
    return group.isEmpty();
  }
}
