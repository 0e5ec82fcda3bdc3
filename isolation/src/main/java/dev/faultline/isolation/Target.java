package dev.faultline.isolation;

import dev.faultline.fault.CheckFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Occurrence;
import dev.faultline.isolation.group.Fingerprint;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Outcome;
import java.util.List;
import java.util.Optional;

/// The fault under investigation, as a trial recognises it: by fingerprint on the same version, by code on another, whose nodes and
/// columns may have other names, and on a graph between two versions by code and `place`: the operator that failed, or the output.
record Target(FaultCode code, String fingerprint, String version, String place) {

  static Target of(Case about) {
    return new Target(about.code(), about.fingerprint(), about.version(), "");
  }

  /// The same fault on a graph that was changed for the trial.
  Target onEdited(Fault shown) {
    return new Target(code, "", "", place(shown));
  }

  /// The same fault by its code alone, for a graph that the engine rewrote otherwise.
  Target byCode() {
    return new Target(code, "", "", "");
  }

  TrialResult judge(Outcome outcome) {
    if (shown(outcome).isPresent()) {
      return TrialResult.FAIL;
    }
    return switch (outcome) {
      case Outcome.Served _ -> TrialResult.PASS;
      case Outcome.Faulted _ -> TrialResult.UNRESOLVED;
    };
  }

  /// The fault under investigation among those of an outcome.
  Optional<Fault> shown(Outcome outcome) {
    return faults(outcome).stream().filter(fault -> isTheSame(fault, outcome)).findFirst();
  }

  private boolean isTheSame(Fault fault, Outcome outcome) {
    String tried = outcome.passage().version().version();
    boolean exact = !isVague(code) && !fingerprint.isEmpty() && (tried.equals(version) || tried.isEmpty());
    return exact
        ? Fingerprint.of(fault, outcome.passage()).coarse().equals(fingerprint)
        : fault.code() == code && (place.isEmpty() || place.equals(place(fault)));
  }

  /// Fused nodes have the operator's name with a word in front.
  private static String place(Fault fault) {
    if (fault instanceof InferFault.NodeFailed failed) {
      return failed.at().op().replace("Fused", "");
    }
    return fault instanceof CheckFault check && check.code() != FaultCode.CHECK_MISMATCH ? check.at().tensor() : "";
  }

  /// Faults whose fingerprint may differ from death to death, or has no more in it than the code.
  private static boolean isVague(FaultCode code) {
    return switch (code) {
      case INFER_CRASHED, INFER_TIMEOUT, INFER_OUT_OF_MEMORY, CHECK_MISMATCH -> true;
      default -> false;
    };
  }

  private static List<Fault> faults(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Served served -> served.suspicions().stream().map(Occurrence::fault).toList();
      case Outcome.Faulted faulted -> List.of(faulted.fault());
    };
  }
}
