package dev.faultline.isolation;

import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.List;

/// Runs a request that passes alone beside others, 4 and then 16 at a time, on one copy of its version; where that shows the fault, alone and
/// beside others once more.
final class ConcurrencySearch {
  private static final int FEW = 4;
  private static final int MANY = 16;
  private static final int ALONE_AGAIN = 12;

  private final Trials lab;
  private final Target target;
  private final Setup setup;
  private int aloneFailed;
  private int alone;
  private int togetherFailed;
  private int together;

  ConcurrencySearch(Trials lab, Target target, Setup setup) {
    this.lab = lab;
    this.target = target;
    this.setup = setup;
  }

  /// `passed` says how often it passed alone already, without failing once. `others` run beside it, so that requests that overwrite each
  /// other's values can be seen; without any it runs beside itself.
  ConcurrencyFinding run(Subject failing, List<Subject> others, int passed) {
    alone = passed;
    boolean few = round(failing, others, FEW);
    boolean seen = round(failing, others, MANY) || few;
    boolean repeated = false;
    if (seen) {
      for (int i = 0; i < ALONE_AGAIN && aloneFailed == 0; i++) {
        count(lab.run(setup, failing, target).result());
      }
      repeated = aloneFailed == 0 && round(failing, others, MANY);
    }
    return new ConcurrencyFinding(aloneFailed, alone, togetherFailed, together, repeated);
  }

  private void count(TrialResult result) {
    alone += result == TrialResult.UNRESOLVED ? 0 : 1;
    aloneFailed += result == TrialResult.FAIL ? 1 : 0;
  }

  private boolean round(Subject failing, List<Subject> others, int count) {
    var subjects = new ArrayList<Subject>();
    for (int i = 0; i < count; i++) {
      subjects.add(i % 2 == 0 || others.isEmpty() ? failing : others.get(i / 2 % others.size()));
    }
    int failed = 0;
    for (Trials.Run run : lab.together(setup, subjects, target)) {
      together += run.result() == TrialResult.UNRESOLVED ? 0 : 1;
      failed += run.failed() ? 1 : 0;
    }
    togetherFailed += failed;
    return failed > 0;
  }
}
