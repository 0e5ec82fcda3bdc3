package dev.faultline.protocol;

import dev.faultline.fault.CheckFault;
import dev.faultline.fault.DecodeFault;
import dev.faultline.fault.DefectFault;
import dev.faultline.fault.EncodeFault;
import dev.faultline.fault.Fault;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.PostprocessFault;
import dev.faultline.fault.PreprocessFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.RouteFault;
import dev.faultline.fault.StoppedFault;
import dev.faultline.fault.ValidateFault;

/// How sure the blame is at the moment of the answer, before anything was replayed.
///
/// `VERIFIED` is never said here: it takes an intervention that flips the outcome both ways. `SUPPORTED` is said where the fault is
/// itself the observed fact (a rule evaluated on the value, a full queue, an operand the engine named that is a request value), so
/// that nothing was inferred. `SUSPECTED` is said where the place is known and the cause is not.
final class FaultConfidence {
  private static final String SUPPORTED = "SUPPORTED";
  private static final String SUSPECTED = "SUSPECTED";

  private FaultConfidence() {}

  static String of(Fault fault) {
    return switch (fault) {
      case DecodeFault _, RouteFault _, ValidateFault _, QueueFault _, StoppedFault _, EncodeFault _ -> SUPPORTED;
      case PreprocessFault _, InferFault _ -> fault.field().isPresent() ? SUPPORTED : SUSPECTED;
      case PostprocessFault _, CheckFault _, DefectFault _ -> SUSPECTED;
    };
  }
}
