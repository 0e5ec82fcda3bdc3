package dev.faultline.isolation;

import dev.faultline.isolation.replay.TrialResult;
import java.util.List;
import java.util.Optional;

/// What a bisection over versions or over levels of optimisation found. `isConclusive` is false when the request could not be run again,
/// or not often enough to tell; "it is not an effect of optimisation" is an answer.
///
/// `trials` are in the order of what was searched. `level` is the lowest level of optimisation that shows the fault, `rewritings` those of the
/// engine without which it is gone, `nodes` where it shows then, by the engine's name for a fused node. Members that do not apply are empty.
public record Bisection(
    Over over,
    boolean isConclusive,
    String summary,
    Release release,
    List<Trial> trials,
    String level,
    List<String> rewritings,
    List<BlamedNode> nodes,
    List<Proof> evidence,
    int replays,
    long millis) {

  /// One version or level, and what the request did on it.
  public record Trial(String on, TrialResult result) {}

  public Bisection {
    trials = List.copyOf(trials);
    rewritings = List.copyOf(rewritings);
    nodes = List.copyOf(nodes);
    evidence = List.copyOf(evidence);
  }

  public Optional<BlamedNode> node() {
    return nodes.stream().findFirst();
  }
}
