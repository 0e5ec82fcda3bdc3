package dev.faultline.serving.backend;

import dev.faultline.fault.Fault;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.Arrival;
import dev.faultline.request.Deadline;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A place on a lane, for one run. Used once, then given back: by [#close] when nothing ran, otherwise by the lane itself when the
/// engine has returned.
public final class Place implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Place.class);

  /// How long a stopped run may take to come back before its request is answered without it.
  private static final long GRACE_MILLIS = 100;

  private final Lanes lanes;
  private final Deadline deadline;
  private final long limitMillis;
  private boolean used;

  Place(Lanes lanes, Deadline deadline, long limitMillis) {
    this.lanes = lanes;
    this.deadline = deadline;
    this.limitMillis = limitMillis;
  }

  /// INFER: runs the model on the lane, and stops it when its limit or the caller's deadline passes or the caller leaves.
  ///
  /// @throws FaultException carrying an `InferFault` or a `StoppedFault`
  public RunResult run(LoadedModel model, List<Tensor> inputs, Arrival arrival) {
    used = true;
    var control = new RunControl();
    long start = lanes.clock().getAsLong();
    CompletableFuture<RunResult> result = CompletableFuture.supplyAsync(() -> model.run(inputs, control), lanes::execute)
        .whenComplete((_, _) -> {
          lanes.release();
          late(control, arrival, start);
        });
    return await(result, control, start, arrival);
  }

  @Override
  public void close() {
    if (!used) {
      used = true;
      lanes.release();
    }
  }

  private RunResult await(CompletableFuture<RunResult> result, RunControl control, long start, Arrival arrival) {
    while (true) {
      long now = lanes.clock().getAsLong();
      Optional<StopReason> reason = reasonToStop(now, start, arrival);
      if (reason.isPresent()) {
        control.stop(reason.get());
        linger(result);
        throw new FaultException(stopped(reason.get(), start));
      }
      try {
        return result.get(nextLook(now, start), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        // look again
      } catch (ExecutionException e) {
        throw failure(e);
      } catch (InterruptedException e) {
        control.stop(StopReason.CANCELLED);
        Thread.currentThread().interrupt();
        throw new FaultException(new StoppedFault.Cancelled(Stage.INFER), e);
      }
    }
  }

  private Optional<StopReason> reasonToStop(long now, long start, Arrival arrival) {
    if (deadline.remainingNanos(now) <= 0) {
      return Optional.of(StopReason.DEADLINE);
    }
    if (now - start >= TimeUnit.MILLISECONDS.toNanos(limitMillis)) {
      return Optional.of(StopReason.TIMEOUT);
    }
    boolean worthAsking = now - start >= Lanes.POLL_NANOS;
    return worthAsking && arrival.cancellation().isCancelled() ? Optional.of(StopReason.CANCELLED) : Optional.empty();
  }

  private long nextLook(long now, long start) {
    long ownRest = TimeUnit.MILLISECONDS.toNanos(limitMillis) - (now - start);
    return Math.max(1, Math.min(Lanes.POLL_NANOS, Math.min(ownRest, deadline.remainingNanos(now))));
  }

  /// A run that stops between two nodes is back within milliseconds; waiting for it keeps its lane free for the next request.
  private static void linger(CompletableFuture<RunResult> result) {
    try {
      result.get(GRACE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // either way the request has ended; a return after the grace period is logged by the lane
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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

  private void late(RunControl control, Arrival arrival, long start) {
    control.stopReason().ifPresent(reason -> {
      double millis = (lanes.clock().getAsLong() - start) / 1e6;
      LOG.info("a stopped run came back: request {} stopped for {} after {} ms in all", arrival.id(), reason, millis);
    });
  }
}
