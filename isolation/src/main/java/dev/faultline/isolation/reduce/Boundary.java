package dev.faultline.isolation.reduce;

import java.util.List;
import java.util.stream.Collectors;

/// Which values of one field fail, as far as trials tell.
///
/// One limit for all values from there on, two for a range of them, one with `=` for a single value. `trials` counts questions to the
/// oracle, remembered answers included.
public record Boundary(State state, List<Limit> limits, int trials) {

  /// How good the limits are.
  public enum State {
    /// The neighbour of each limit passes; for floating-point values, one that is within the asked width.
    EXACT,
    /// The budget was spent first: the limits hold between the values that were tried.
    PARTIAL,
    /// Values beyond a limit were seen to pass, or values before it to fail: the limit is one of several.
    NOT_MONOTONE
  }

  public Boundary {
    limits = List.copyOf(limits);
  }

  @Override
  public String toString() {
    return limits.stream().map(Limit::toString).collect(Collectors.joining(" and ")) + (state == State.EXACT ? "" : " (" + state + ')');
  }
}
