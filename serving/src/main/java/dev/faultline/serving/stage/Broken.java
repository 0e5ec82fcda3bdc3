package dev.faultline.serving.stage;

import dev.faultline.contract.Expectation.Mode;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.tensor.Tensor;
import java.util.BitSet;

/// A promise that an output broke: the first element concerned, how many in all, and which rows of how many.
record Broken(FaultCode code, Tensor output, Field at, String got, String want, long count, Mode mode, BitSet rows, long rowCount) {

  boolean isNonfinite() {
    return code == FaultCode.CHECK_NONFINITE;
  }

  Broken withMode(Mode stricter) {
    return new Broken(code, output, at, got, want, count, stricter, rows, rowCount);
  }

  /// `outputs/score[3] is 1.7 (2 in all)`
  String sentence() {
    return at.path() + " is " + got + (count == 1 ? "" : " (" + count + " in all)");
  }
}
