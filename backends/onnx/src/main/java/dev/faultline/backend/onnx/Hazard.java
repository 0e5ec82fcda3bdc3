package dev.faultline.backend.onnx;

import dev.faultline.fault.NodeRef;

/// A node that makes ONNX Runtime kill the process for some inputs.
public record Hazard(NodeRef at, Kind kind, Protection protection) {

  /// How the process would die.
  public enum Kind {
    /// The smallest integer divided by -1 traps in the processor: SIGFPE.
    DIVISION_OVERFLOW("the smallest integer divided by -1"),
    /// A recurrent node without rows, for GRU also without time steps, ends in `std::terminate`.
    EMPTY_SEQUENCE("an empty input");

    private final String trigger;

    Kind(String trigger) {
      this.trigger = trigger;
    }
  }

  /// What stands between an input and the end of the process.
  public enum Protection {
    /// Such an input is refused before the run.
    REFUSED,
    /// The operands are computed inside the graph: only a process of its own helps.
    NONE
  }

  @Override
  public String toString() {
    return kind.trigger + " in node " + at + (protection == Protection.REFUSED ? " (refused)" : " (kills the process)");
  }
}
