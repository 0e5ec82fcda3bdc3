package dev.faultline.isolation;

import dev.faultline.fault.Evidence;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.request.Passage;
import java.util.List;
import java.util.Optional;

/// What is to be investigated: a request that failed or is suspicious, the fault as it was recorded, and other requests to compare.
///
/// `fingerprint` is the coarse one of the fault's group. `faults` and `passages` hold the fault and what the request left behind when they are
/// still in memory. `siblings` are other failing requests of the group, `earlier` the last that the version was
/// sent before, the oldest first, whatever became of them, `passing` are served requests without suspicion of the same
/// model, of any version.
public record Case(
    String faultId,
    String group,
    FaultCode code,
    String summary,
    String fingerprint,
    Specimen failing,
    List<Fault> faults,
    List<Passage> passages,
    List<Specimen> siblings,
    List<Specimen> earlier,
    List<Specimen> passing) {

  public Case {
    faults = List.copyOf(faults);
    passages = List.copyOf(passages);
    siblings = List.copyOf(siblings);
    earlier = List.copyOf(earlier);
    passing = List.copyOf(passing);
  }

  public Optional<Fault> fault() {
    return faults.stream().findFirst();
  }

  /// The version that was answered otherwise, for a suspicion that came of comparing two.
  Optional<Evidence.Compared> compared() {
    return fault().stream()
        .flatMap(fault -> fault.evidence().stream())
        .<Evidence.Compared>mapMulti((each, found) -> {
          if (each instanceof Evidence.Compared compared) {
            found.accept(compared);
          }
        })
        .findFirst();
  }

  public Optional<Passage> passage() {
    return passages.stream().findFirst();
  }

  public String model() {
    return failing.version().model();
  }

  public String version() {
    return failing.version().version();
  }
}
