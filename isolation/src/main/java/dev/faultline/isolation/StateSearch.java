package dev.faultline.isolation;

import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Specimen;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks whether what a copy served before decides on a request: runs it on copies that are loaded for one trial, alone and behind the requests that
/// came before it, and halves those until one is left that makes the difference.
final class StateSearch {
  /// Requests before it that are tried; each trial runs all of them.
  static final int EARLIER_MAX = 12;
  private static final int FRESH_FIRST = 2;
  private static final int REPEATS = 6;

  private final Trials lab;
  private final Target target;
  private final Setup setup;
  private final Specimen failing;
  private int freshFailed;
  private int fresh;

  StateSearch(Trials lab, Target target, Setup setup, Specimen failing) {
    this.lab = lab;
    this.target = target;
    this.setup = setup;
    this.failing = failing;
  }

  /// `passed` says how often it passed on copies that had served nothing but itself. `earlier` are the requests before it, the oldest first; it
  /// comes after itself too, because what served it once may refuse it then.
  StateFinding run(List<Specimen> earlier, int passed) {
    fresh = passed;
    for (int i = 0; i < FRESH_FIRST; i++) {
      alone();
    }
    if (fresh == passed || (freshFailed > 0 && freshFailed < fresh)) {
      return StateFinding.NONE;
    }
    TrialResult changed = freshFailed > 0 ? TrialResult.PASS : TrialResult.FAIL;
    var all = new ArrayList<>(earlier.subList(Math.max(0, earlier.size() - EARLIER_MAX + 1), earlier.size()));
    all.add(failing);
    if (behind(all) != changed) {
      return StateFinding.NONE;
    }
    List<Specimen> needed = halved(all, changed);
    StateFinding found = repeat(needed, changed);
    return found.shows() || needed.size() == all.size() ? found : repeat(all, changed);
  }

  /// What is not in the later half is taken to be in the earlier one; that both are needed shows when it is repeated.
  private List<Specimen> halved(List<Specimen> all, TrialResult changed) {
    List<Specimen> needed = all;
    while (needed.size() > 1) {
      List<Specimen> later = needed.subList(needed.size() / 2, needed.size());
      needed = behind(later) == changed ? later : needed.subList(0, needed.size() / 2);
    }
    return needed;
  }

  private StateFinding repeat(List<Specimen> needed, TrialResult changed) {
    int after = 0;
    int afterFailed = 0;
    for (int i = 0; i < REPEATS; i++) {
      TrialResult result = behind(needed);
      after += result == TrialResult.UNRESOLVED ? 0 : 1;
      afterFailed += result == TrialResult.FAIL ? 1 : 0;
      if (result != changed) {
        break;
      }
      if (fresh <= REPEATS) {
        alone();
      }
    }
    return new StateFinding(freshFailed, fresh, afterFailed, after, needed, after == REPEATS);
  }

  private void alone() {
    TrialResult result = behind(List.of());
    fresh += result == TrialResult.UNRESOLVED ? 0 : 1;
    freshFailed += result == TrialResult.FAIL ? 1 : 0;
  }

  private TrialResult behind(List<Specimen> before) {
    var subjects = new ArrayList<Subject>();
    before.forEach(each -> subjects.add(new Subject.AsArrived(each.arrival())));
    subjects.add(new Subject.AsArrived(failing.arrival()));
    Optional<Trials.Run> last = lab.inOrder(setup, subjects, target);
    return last.map(Trials.Run::result).orElse(TrialResult.UNRESOLVED);
  }
}
