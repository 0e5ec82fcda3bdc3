package dev.faultline.isolation;

import dev.faultline.fault.Fault;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.request.Outcome;
import dev.faultline.serving.backend.Artifact;
import java.util.List;
import java.util.Optional;

/// Finds what a version changed that makes the request fail: a step around the model, the contract, or something in the graph.
///
/// The order is that of cost. Each answer was had both ways: with the good version's part the bad version passes, with the bad version's
/// part the good one fails.
final class DifferenceSearch {
  /// Steps that are tried one by one.
  private static final int STEPS_MAX = 6;

  private final Trials trials;
  private final Tools tools;
  private final Target target;
  private final Subject subject;
  private final Setup suspect;
  private final Notes notes;

  DifferenceSearch(Trials trials, Tools tools, Target target, Subject subject, Setup suspect, Notes notes) {
    this.trials = trials;
    this.tools = tools;
    this.target = target;
    this.subject = subject;
    this.suspect = suspect;
    this.notes = notes;
  }

  /// What changed between `good` and the suspect version. `others` are more failing requests, to see how much is explained.
  VersionDifference run(String good, Fault fault, List<Subject> others) {
    try {
      Optional<VersionDifference> beside = besideTheGraph(good);
      return beside.isPresent() ? beside.get() : ofGraph(good, fault, others);
    } catch (ReplayException e) {
      notes.add(Proof.Kind.LIMIT, "the versions could not be compared: " + e.getMessage());
      return VersionDifference.NONE;
    }
  }

  /// Steps and contract: the good version's around the suspect graph must cure it, and the suspect's around the good graph infect it.
  private Optional<VersionDifference> besideTheGraph(String good) throws ReplayException {
    if (!differsBeside(good)) {
      return Optional.empty();
    }
    Trials.Run cured = trials.run(suspect.withStepsOf(good), subject, target);
    if (!cured.passed()) {
      return Optional.empty();
    }
    Trials.Run infected = trials.run(Setup.of(suspect.model(), good).withStepsOf(suspect.version()), subject, target);
    notes.add(Proof.Kind.INTERVENTION, "with the steps and the contract of version " + good + " it passes", 0, 1);
    notes.add(Proof.Kind.INTERVENTION, "version " + good + " with the steps and the contract of version " + suspect.version() + (infected.failed() ? " fails" : " does not fail"), infected.failed() ? 1 : 0, 1);
    return infected.failed() ? cured.outcome().flatMap(well -> infected.outcome().map(ill -> beside(good, well, ill))) : Optional.empty();
  }

  private VersionDifference beside(String good, Outcome well, Outcome ill) {
    List<String> departing = StepSearch.departing(well, ill);
    if (departing.isEmpty()) {
      return VersionDifference.ofContract();
    }
    // one that only passes on what the one before it changed departs too
    for (String step : departing.subList(0, Math.min(STEPS_MAX, departing.size()))) {
      if (departing.size() > 1 && flipsAlone(good, step)) {
        return VersionDifference.ofStep(step);
      }
    }
    return VersionDifference.ofStep(departing.getFirst());
  }

  private boolean flipsAlone(String good, String step) {
    boolean flips = trials.run(suspect.withStepsOf(good, List.of(step)), subject, target).passed()
        && trials.run(Setup.of(suspect.model(), good).withStepsOf(suspect.version(), List.of(step)), subject, target).failed();
    if (flips) {
      notes.add(Proof.Kind.INTERVENTION, "step '" + step + "' alone, exchanged between the versions, takes the fault with it", 1, 2);
    }
    return flips;
  }

  private boolean differsBeside(String good) throws ReplayException {
    var before = tools.replayer().settings(suspect.model(), good);
    var after = tools.replayer().settings(suspect.model(), suspect.version());
    boolean anySteps = !before.preprocess().isEmpty() || !before.postprocess().isEmpty() || !after.preprocess().isEmpty() || !after.postprocess().isEmpty();
    return anySteps || !before.contract().equals(after.contract());
  }

  private VersionDifference ofGraph(String good, Fault fault, List<Subject> others) throws ReplayException {
    Artifact before = tools.replayer().artifact(suspect.model(), good);
    Artifact after = tools.replayer().artifact(suspect.model(), suspect.version());
    if (before.digest().equals(after.digest())) {
      return VersionDifference.NONE;
    }
    return new GraphDifferenceSearch(trials, tools, target.onEdited(fault), suspect, notes).run(before, after, subject, others);
  }
}
