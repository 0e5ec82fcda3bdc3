package dev.faultline.serving.stage;

import dev.faultline.contract.Expectation.Mode;
import dev.faultline.fault.FaultCode;
import dev.faultline.fault.Field;
import dev.faultline.tensor.Tensor;
import java.util.BitSet;

/// Counts the elements of one output that break one promise, remembering the first and every row.
final class BrokenElements {
  private final Tensor output;
  private final BitSet rows = new BitSet();
  private int first = -1;
  private long count;
  private Mode mode = Mode.OBSERVE;

  BrokenElements(Tensor output) {
    this.output = output;
  }

  /// The first element under the strictest mode is the one that is shown.
  void add(int flat, Mode under) {
    if (first < 0 || (under == Mode.ENFORCE && mode == Mode.OBSERVE)) {
      first = flat;
      mode = under;
    }
    count++;
    rows.set((int) output.shape().row(flat));
  }

  Tensor output() {
    return output;
  }

  int first() {
    return first;
  }

  Broken broken(FaultCode code, Field at, String got, String want) {
    return new Broken(code, output, at, got, want, count, mode, rows, rowCount(output));
  }

  static long rowCount(Tensor tensor) {
    return tensor.shape().rank() == 0 ? 1 : tensor.shape().extent(0);
  }
}
