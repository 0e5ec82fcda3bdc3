package dev.faultline.isolation.group;

import dev.faultline.fault.Blame;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.fault.NodeRef;
import java.time.Instant;
import java.util.List;

/// The faults that share a fingerprint, as seen so far.
///
/// `summary`, `field`, `node` and `step` are those of the latest fault, empty when it has none. `versions` and `faults` (ids, latest
/// first) are bounded. `suspicions` counts those of `count` that did not change the answer. `state` says whether it is thought to be gone.
public record FaultGroup(
    String id,
    String fingerprint,
    FaultCode code,
    Blame blame,
    String model,
    List<String> versions,
    String summary,
    String field,
    String node,
    String step,
    long count,
    long suspicions,
    Instant firstSeen,
    Instant lastSeen,
    List<String> faults,
    GroupState state) {

  public FaultGroup {
    versions = List.copyOf(versions);
    faults = List.copyOf(faults);
  }

  /// The same group with the places that a fault of it names.
  FaultGroup knowing(Fault fault) {
    return new FaultGroup(
        id,
        fingerprint,
        code,
        blame,
        model,
        versions,
        fault.summary(),
        fault.field().map(Field::path).orElse(field),
        fault.node().map(NodeRef::name).orElse(node),
        fault.step().orElse(step),
        count,
        suspicions,
        firstSeen,
        lastSeen,
        faults,
        state);
  }

  FaultGroup in(GroupState other) {
    return new FaultGroup(
        id, fingerprint, code, blame, model, versions, summary, field, node, step, count, suspicions, firstSeen, lastSeen, faults, other);
  }
}
