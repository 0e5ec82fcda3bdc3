package dev.faultline.isolation;

import dev.faultline.fault.FaultCode;
import dev.faultline.isolation.localize.Optimizers;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.serving.backend.LoadOptions.Optimization;
import java.util.List;
import java.util.Optional;

/// Asks whether the request fails only because of what the engine makes of the graph: runs it on the graph as it stands in the file, and then at
/// each level of optimisation up to the one that is served.
final class EnvironmentSearch {
  /// Halving the rewritings takes seven loads.
  private static final int REPLAYS_MAX = 16;

  private final Trials trials;
  private final Target target;
  private final Setup suspect;

  EnvironmentSearch(Trials trials, Target target, Setup suspect) {
    this.trials = trials.atMost(REPLAYS_MAX);
    this.target = target.byCode();
    this.suspect = suspect;
  }

  /// `others` are more failing requests, which must pass without optimisation too.
  Optional<OptimizerFinding> run(FaultCode code, Subject subject, List<Subject> others, Notes notes) {
    if (!dependsOnTheGraph(code)) {
      return Optional.empty();
    }
    Trials.Run plain = trials.run(suspect.with(Optimization.NONE), subject, target);
    if (plain.failed()) {
      notes.ruleOut("ENVIRONMENT", "it fails in the same way when the engine does not optimise the graph");
    }
    if (!plain.passed()) {
      return Optional.empty();
    }
    Optimization first = firstFailing(subject);
    List<String> rewritings = Optimizers.guilty(without -> trials.run(suspect.with(first).without(without), subject, target).passed());
    long cured = others.stream().filter(other -> trials.run(suspect.with(Optimization.NONE), other, target).passed()).count();
    notes.add(Proof.Kind.INTERVENTION, "the graph as it stands in the file passes; optimised at level " + first + " it fails"
        + (rewritings.isEmpty() ? "" : ", and without the engine's " + String.join(", ", rewritings) + " it passes again"), 1, 2);
    if (!others.isEmpty()) {
      notes.add(Proof.Kind.INTERVENTION, "other failing requests, not optimised", others.size() - (int) cured, others.size());
    }
    return Optional.of(new OptimizerFinding(first, rewritings, cured == others.size()));
  }

  private Optimization firstFailing(Subject subject) {
    for (Optimization level : List.of(Optimization.BASIC, Optimization.EXTENDED)) {
      if (trials.run(suspect.with(level), subject, target).failed()) {
        return level;
      }
    }
    return Optimization.FULL;
  }

  /// Whether how the engine runs the graph can decide on such a fault.
  static boolean dependsOnTheGraph(FaultCode code) {
    return switch (code) {
      case INFER_NODE_FAILED, INFER_FAILED, CHECK_NONFINITE, CHECK_RANGE, CHECK_SHAPE, CHECK_SUM, CHECK_VALUES, CHECK_MISMATCH -> true;
      default -> false;
    };
  }
}
