package dev.faultline.server.replay;

import dev.faultline.capture.Redaction;
import dev.faultline.fault.Fault;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.Outcome;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Set;

/// One run of a kept request: the faults and suspicions it ended with, and the outputs.
record Trial(List<Fault> faults, List<Tensor> outputs) {
  Trial {
    faults = List.copyOf(faults);
    outputs = List.copyOf(outputs);
  }

  /// @throws UnresolvedException when the run was stopped by the bound of replays
  static Trial of(Outcome outcome) throws UnresolvedException {
    Trial trial = switch (outcome) {
      case Outcome.Served served -> new Trial(served.suspicions().stream().map(each -> each.fault()).toList(), served.passage().outputs());
      case Outcome.Faulted faulted -> new Trial(List.of(faulted.fault()), List.of());
    };
    if (trial.faults().stream().anyMatch(fault -> fault instanceof StoppedFault)) {
      throw new UnresolvedException(Lack.OUT_OF_TIME, "the replay was stopped: " + trial.faults().getFirst().summary());
    }
    return trial;
  }

  boolean isGood() {
    return faults.isEmpty();
  }

  boolean shows(Set<String> codes) {
    return faults.stream().anyMatch(fault -> codes.contains(fault.code().label()));
  }

  List<Shown> shown(Redaction redaction) {
    return faults.stream().map(fault -> new Shown("", fault.code().label(), summary(fault, redaction))).toList();
  }

  private static String summary(Fault fault, Redaction redaction) {
    return fault.field().filter(redaction::hides).isPresent() ? fault.code().title() + "; the value is redacted" : fault.summary();
  }
}
