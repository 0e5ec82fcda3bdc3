package dev.faultline.serving.backend;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.BatchSeat;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.current.CurrentRequest.Tag;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A place on a lane, for one run. Given back by [#close] when nothing ran, otherwise by the lane itself when the engine has returned.
///
/// Stopping has two tiers, because the engine looks at its terminate flag between two nodes only: the run is told to stop and the request
/// answered at once; a run that is not back after the grace period costs the lane ([Lanes#lose]).
final class LanePlace implements Place {
  private static final Logger LOG = LoggerFactory.getLogger(LanePlace.class);

  /// How long a process may take to be dead, and known to be, after it was killed.
  private static final long DEATH_MILLIS_MAX = 2_000;

  private final Lanes lanes;
  private final Deadline deadline;
  private final Cancellation cancellation;
  private final long limitMillis;
  private final Hold hold;
  private boolean used;
  private Tag tag = Tag.of("");
  private @Nullable CompletableFuture<String> faultId;

  LanePlace(Lanes lanes, Deadline deadline, Cancellation cancellation, long limitMillis, Hold hold) {
    this.lanes = lanes;
    this.deadline = deadline;
    this.cancellation = cancellation;
    this.limitMillis = limitMillis;
    this.hold = hold;
  }

  @Override
  public RunResult run(LoadedModel model, List<Tensor> inputs, String caller) {
    used = true;
    tag = CurrentRequest.find().orElseGet(() -> Tag.of(caller));
    var control = new RunControl();
    long start = lanes.clock().getAsLong();
    CompletableFuture<RunResult> result = CompletableFuture.supplyAsync(() -> CurrentRequest.during(tag, () -> lanes.busy(caller, () -> model.run(inputs, control))), lanes::execute)
        .whenComplete((_, thrown) -> {
          long nanos = lanes.clock().getAsLong() - start;
          boolean lost = lanes.giveBack(hold, nanos, control.stopReason().isPresent() || thrown != null);
          control.stopReason().ifPresent(reason -> tellLate(caller, reason, nanos, lost, thrown));
        });
    return await(result, control, start, model.hangKillMillis());
  }

  @Override
  public void faulted(String id) {
    faultId().complete(id);
  }

  @Override
  public BatchSeat seat() {
    return BatchSeat.NONE;
  }

  @Override
  public void close() {
    if (!used) {
      used = true;
      lanes.giveBack(hold, 0, true);
    }
  }

  private RunResult await(CompletableFuture<RunResult> result, RunControl control, long start, long hangKillMillis) {
    while (true) {
      long now = lanes.clock().getAsLong();
      Optional<StopReason> reason = reasonToStop(now, start);
      if (reason.isPresent()) {
        stop(result, control, reason.get());
        if (reason.get() == StopReason.TIMEOUT && hangKillMillis > 0) {
          requireNotKilled(result, hangKillMillis);
        }
        throw new FaultException(stopped(reason.get(), start));
      }
      try {
        return result.get(nextLook(now, start), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // look again
      } catch (ExecutionException e) {
        throw failure(e);
      } catch (InterruptedException e) {
        stop(result, control, StopReason.CANCELLED);
        Thread.currentThread().interrupt();
        throw new FaultException(new StoppedFault.Cancelled(Stage.INFER), e);
      }
    }
  }

  /// Where a run that hangs is ended by force, what became of it is known soon, and says more than that its time was over.
  private static void requireNotKilled(CompletableFuture<RunResult> result, long hangKillMillis) {
    try {
      result.get(hangKillMillis + DEATH_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof FaultException ended && ended.fault() instanceof InferFault.Crashed) {
        throw ended;
      }
    } catch (TimeoutException e) {
      // it is told as what it is so far
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<StopReason> reasonToStop(long now, long start) {
    if (deadline.remainingNanos(now) <= 0) {
      return Optional.of(StopReason.DEADLINE);
    }
    if (now - start >= TimeUnit.MILLISECONDS.toNanos(limitMillis)) {
      return Optional.of(StopReason.TIMEOUT);
    }
    boolean worthAsking = now - start >= Waiting.POLL_NANOS;
    return worthAsking && cancellation.isCancelled() ? Optional.of(StopReason.CANCELLED) : Optional.empty();
  }

  private long nextLook(long now, long start) {
    long ownRest = TimeUnit.MILLISECONDS.toNanos(limitMillis) - (now - start);
    return Math.max(1, Math.min(Waiting.POLL_NANOS, Math.min(ownRest, deadline.remainingNanos(now))));
  }

  private void stop(CompletableFuture<RunResult> result, RunControl control, StopReason reason) {
    control.stop(reason);
    if (!result.isDone()) {
      Thread.ofVirtual().name("grace").start(() -> CurrentRequest.during(tag, () -> loseUnlessBack(result)));
    }
  }

  private void loseUnlessBack(CompletableFuture<RunResult> result) {
    try {
      result.get(lanes.limits().stopGraceMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      lanes.lose(hold);
    } catch (ExecutionException e) {
      // it is back, and how it ended no longer matters to anybody
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
  }

  private Fault stopped(StopReason reason, long start) {
    return switch (reason) {
      case TIMEOUT -> new InferFault.Timeout((lanes.clock().getAsLong() - start) / 1e6, limitMillis);
      case DEADLINE -> new StoppedFault.DeadlinePassed(Stage.INFER, deadline.budgetNanos() / 1e6);
      case CANCELLED -> new StoppedFault.Cancelled(Stage.INFER);
    };
  }

  private static RuntimeException failure(ExecutionException e) {
    return e.getCause() instanceof FaultException fault
        ? fault
        : new IllegalStateException("the backend threw what no backend may throw", e.getCause());
  }

  /// Waits for the fault's id, which is given out after the run was stopped, on another thread.
  private void tellLate(String caller, StopReason reason, long nanos, boolean lost, @Nullable Throwable thrown) {
    String lane = lost ? "its lane was lost and is closed now" : "its lane is free again";
    String came = thrown == null ? "with outputs that nobody waits for" : "with an exception";
    var _ = faultId().thenAccept(id -> CurrentRequest.during(tag, () -> LOG.atLevel(lost ? org.slf4j.event.Level.WARN : org.slf4j.event.Level.INFO)
        .setCause(thrown)
        .log("fault {}: the run of request {}, stopped for {}, came back {} ms after it began, {}; {}", id, caller, reason, nanos / 1_000_000, came, lane)));
  }

  private synchronized CompletableFuture<String> faultId() {
    CompletableFuture<String> known = faultId;
    if (known == null) {
      known = new CompletableFuture<>();
      faultId = known;
    }
    return known;
  }
}
