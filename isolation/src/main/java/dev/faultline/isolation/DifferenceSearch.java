package dev.faultline.isolation;

import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;

/// Finds what a version changed that makes the request fail: the steps around the model, so far.
final class DifferenceSearch {
  private final Trials trials;
  private final Tools tools;
  private final Target target;
  private final Subject subject;
  private final Setup suspect;

  DifferenceSearch(Trials trials, Tools tools, Target target, Subject subject, Setup suspect) {
    this.trials = trials;
    this.tools = tools;
    this.target = target;
    this.subject = subject;
    this.suspect = suspect;
  }

  /// What changed between `good` and the suspect version.
  Difference run(String good, Notes notes) {
    try {
      String step = ofSteps(good, notes);
      return !step.isEmpty() ? Difference.ofStep(step) : Difference.NONE;
    } catch (ReplayException e) {
      notes.add(Proof.Kind.LIMIT, "the versions could not be compared: " + e.getMessage());
      return Difference.NONE;
    }
  }

  /// The step to blame when the good version's steps around the suspect graph cure it and the suspect's around the good graph infect it;
  /// empty when not.
  private String ofSteps(String good, Notes notes) throws ReplayException {
    boolean anySteps = hasSteps(good) || hasSteps(suspect.version());
    if (!anySteps) {
      return "";
    }
    Trials.Run cured = trials.run(suspect.withStepsOf(good), subject, target);
    if (!cured.passed()) {
      return "";
    }
    Trials.Run infected = trials.run(Setup.of(suspect.model(), good).withStepsOf(suspect.version()), subject, target);
    notes.add(Proof.Kind.INTERVENTION, "with the steps of version " + good + " it passes", 0, 1);
    notes.add(Proof.Kind.INTERVENTION, "version " + good + " with the steps of version " + suspect.version() + (infected.failed() ? " fails" : " does not fail"), infected.failed() ? 1 : 0, 1);
    return infected.failed() ? cured.outcome().flatMap(well -> infected.outcome().map(ill -> StepSearch.first(well, ill))).orElse("") : "";
  }

  private boolean hasSteps(String version) throws ReplayException {
    var settings = tools.replayer().settings(suspect.model(), version);
    return !settings.preprocess().isEmpty() || !settings.postprocess().isEmpty();
  }
}
