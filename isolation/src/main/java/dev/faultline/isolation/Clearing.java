package dev.faultline.isolation;

import dev.faultline.fault.Fault;
import dev.faultline.fault.Stage;
import dev.faultline.isolation.finding.Cause;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Passage;
import dev.faultline.request.StageRun;
import java.util.Locale;

/// What the trials spoke free: stages that came through, and causes that an experiment excluded.
record Clearing(Claim claim, InputFinding input, VersionFinding versions, Passage passage, Fault fault) {

  void note(Notes notes) {
    for (StageRun run : passage.stages()) {
      if (run.stage().compareTo(fault.stage()) < 0 && run.ending() == StageRun.Ending.COMPLETED && changesNoValues(run.stage())) {
        notes.ruleOut(run.stage().name().toLowerCase(Locale.ROOT), "completed in %.2f ms when replayed".formatted(run.millis()));
      }
    }
    rule(notes, Cause.FLAKY, "it fails every time it is replayed");
    rule(notes, Cause.CONCURRENCY, "it fails alone");
    rule(notes, Cause.BATCH_INTERACTION, "it fails alone");
    if (claim.cause() == Cause.INPUT && versions.failsElsewhere()) {
      rule(notes, Cause.MODEL, "version " + versions.results().entrySet().stream()
          .filter(each -> each.getValue() == TrialResult.FAIL && !each.getKey().equals(claim.release().version()))
          .findFirst().orElseThrow().getKey() + " fails in the same way");
    }
    if (versions.flips() && claim.cause() == Cause.MODEL && claim.fields().isEmpty()) {
      rule(notes, Cause.INPUT, "version " + versions.good() + " takes the same request, and other requests fail too");
    }
  }

  private void rule(Notes notes, Cause cause, String why) {
    if (claim.cause() != cause) {
      notes.ruleOut(cause.name(), why);
    }
  }

  private boolean changesNoValues(Stage stage) {
    return switch (stage) {
      case INFER -> false;
      case PREPROCESS, POSTPROCESS -> passage.steps().stream().noneMatch(step -> step.stage() == stage);
      case DECODE, ROUTE, VALIDATE, QUEUE, CHECK, ENCODE -> true;
    };
  }
}
