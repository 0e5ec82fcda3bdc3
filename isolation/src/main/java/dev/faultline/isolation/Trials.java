package dev.faultline.isolation;

import dev.faultline.isolation.replay.Budget;
import dev.faultline.isolation.replay.Pace;
import dev.faultline.isolation.replay.ReplayException;
import dev.faultline.isolation.replay.Replayer;
import dev.faultline.isolation.replay.Setup;
import dev.faultline.isolation.replay.Subject;
import dev.faultline.isolation.replay.TrialResult;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.request.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Where trials are run: within the budget, at its pace, until the investigation is cancelled. Used by one thread.
final class Trials {
  private final Replayer replayer;
  private final Budget budget;
  private final Pace pace;
  private final Cancellation cancellation;
  private final LongSupplier nanoClock;
  private final Consumer<Progress> listener;
  private String doing = "looking at the fault";

  Trials(Replayer replayer, Budget budget, Pace pace, Cancellation cancellation, LongSupplier nanoClock, Consumer<Progress> listener) {
    this.replayer = replayer;
    this.budget = budget;
    this.pace = pace;
    this.cancellation = cancellation;
    this.nanoClock = nanoClock;
    this.listener = listener;
  }

  /// What one trial gave; `outcomes` is empty when nothing was run.
  record Run(TrialResult result, List<Outcome> outcomes) {
    static final Run NONE = new Run(TrialResult.UNRESOLVED, List.of());

    Run {
      outcomes = List.copyOf(outcomes);
    }

    Optional<Outcome> outcome() {
      return outcomes.stream().findFirst();
    }

    boolean failed() {
      return result == TrialResult.FAIL;
    }

    boolean passed() {
      return result == TrialResult.PASS;
    }
  }

  /// Says what is being tried from now on.
  void announce(String what) {
    doing = what;
    listener.accept(new Progress(doing, budget.replays()));
  }

  /// The same laboratory for a search that must leave some replays for those behind it.
  Trials leaving(int kept) {
    return within(budget.leaving(kept));
  }

  /// The same laboratory for a search that may spend so many replays and no more.
  Trials atMost(int most) {
    return within(budget.atMost(most));
  }

  private Trials within(Budget part) {
    var trials = new Trials(replayer, part, pace, cancellation, nanoClock, listener);
    trials.doing = doing;
    return trials;
  }

  /// One trial. Without budget nothing is run, and a setup that cannot be loaded is unresolved.
  Run run(Setup setup, Subject subject, Target target) {
    return together(setup, List.of(subject), target).stream().findFirst().orElse(Run.NONE);
  }

  /// Several trials at the same time on one copy; none when the budget does not hold them all, or the setup cannot be loaded.
  List<Run> together(Setup setup, List<Subject> subjects, Target target) {
    return within(subjects.size(), until -> outcomes(setup, subjects, until)).orElse(List.of()).stream()
        .map(outcome -> new Run(target.judge(outcome), List.of(outcome)))
        .toList();
  }

  /// What is run within the budget.
  private interface Running {
    List<Outcome> until(Deadline deadline) throws ReplayException;
  }

  private Optional<List<Outcome>> within(int replays, Running running) {
    if (cancellation.isCancelled()) {
      throw new CancelledException();
    }
    waitForPace();
    if (!budget.tryTake(replays)) {
      return Optional.empty();
    }
    long start = nanoClock.getAsLong();
    try {
      List<Outcome> outcomes = running.until(Deadline.after(start, Math.max(1, budget.millisLeft()) * 1_000_000));
      listener.accept(new Progress(doing, budget.replays()));
      return Optional.of(outcomes);
    } catch (ReplayException e) {
      return Optional.empty();
    } finally {
      pace.spend(nanoClock.getAsLong() - start);
    }
  }

  /// The last of several trials, one after the other on a copy that is loaded for them; empty as for [#together].
  Optional<Run> inOrder(Setup setup, List<Subject> subjects, Target target) {
    return within(subjects.size(), until -> replayer.replayInOrder(setup, subjects, until, cancellation)).map(outcomes -> {
      Outcome last = outcomes.getLast();
      return new Run(target.judge(last), List.of(last));
    });
  }

  private List<Outcome> outcomes(Setup setup, List<Subject> subjects, Deadline until) throws ReplayException {
    return subjects.size() == 1
        ? List.of(replayer.replay(setup, subjects.getFirst(), until, cancellation))
        : replayer.replayTogether(setup, subjects, until, cancellation);
  }

  Replayer replayer() {
    return replayer;
  }

  Budget budget() {
    return budget;
  }

  private void waitForPace() {
    try {
      pace.await(budget.millisLeft() * 1_000_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    }
  }
}
