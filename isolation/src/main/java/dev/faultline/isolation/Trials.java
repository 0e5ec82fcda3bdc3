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

  /// One trial. Without budget nothing is run, and a setup that cannot be loaded is unresolved.
  Run run(Setup setup, Subject subject, Target target) {
    if (cancellation.isCancelled()) {
      throw new CancelledException();
    }
    waitForPace();
    if (!budget.tryTake()) {
      return Run.NONE;
    }
    long start = nanoClock.getAsLong();
    try {
      Outcome outcome = replayer.replay(setup, subject, Deadline.after(start, Math.max(1, budget.millisLeft()) * 1_000_000), cancellation);
      listener.accept(new Progress(doing, budget.replays()));
      return new Run(target.judge(outcome), List.of(outcome));
    } catch (ReplayException e) {
      return Run.NONE;
    } finally {
      pace.spend(nanoClock.getAsLong() - start);
    }
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
