package dev.faultline.isolation.reduce;

import java.util.List;

/// What reduction left of the elements in which a failing request differs from a passing one.
///
/// `causes` are sets of elements each of which alone makes the passing request fail; the first is the answer, others only where the
/// failing request still fails without it. `necessary` says that the failing request passes once all of `causes` are taken out.
/// `trials` counts questions to the oracle, remembered answers included.
public record Reduction<E>(State state, List<List<E>> causes, boolean necessary, int trials) {

  /// How the reduction ended.
  public enum State {
    /// No element of the first cause can be left out.
    MINIMAL,
    /// The budget was spent first: the first cause fails, and may be larger than it need be; no cause when nothing is known yet.
    PARTIAL,
    /// All elements together do not make the passing request fail: the difference lies elsewhere.
    NOT_REPRODUCED,
    /// The passing request fails without any of them.
    BASELINE_FAILS
  }

  public Reduction {
    causes = causes.stream().map(List::copyOf).toList();
  }

  /// The elements of the first cause; none unless [State#MINIMAL] or [State#PARTIAL].
  public List<E> kept() {
    return causes.isEmpty() ? List.of() : causes.getFirst();
  }

  public boolean isMinimal() {
    return state == State.MINIMAL;
  }
}
