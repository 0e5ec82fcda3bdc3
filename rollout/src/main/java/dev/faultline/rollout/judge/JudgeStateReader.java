package dev.faultline.rollout.judge;

import dev.faultline.rollout.judge.JudgeState.Kind;
import java.util.List;
import java.util.Optional;

/// Finds things in a judge's state.
final class JudgeStateReader {
  private final JudgeState state;

  JudgeStateReader(JudgeState state) {
    this.state = state;
  }

  /// The only tally of that kind and subject; none counted when there is none.
  Split split(Kind kind, String subject) {
    return find(kind, subject).map(this::split).orElseGet(() -> Split.none(state.shares()));
  }

  private Optional<JudgeState.Tally> find(Kind kind, String subject) {
    return state.tallies().stream().filter(tally -> tally.kind() == kind && tally.subject().equals(subject)).findFirst();
  }

  Split split(JudgeState.Tally tally) {
    return Split.of(state.shares(), tally);
  }

  List<JudgeState.Tally> all(Kind kind) {
    return state.tallies().stream().filter(tally -> tally.kind() == kind).toList();
  }

  static List<Double> bounds(JudgeState state, String subject) {
    return state.thresholds().stream().filter(threshold -> threshold.subject().equals(subject)).map(JudgeState.Threshold::bounds).findFirst().orElse(List.of());
  }
}
