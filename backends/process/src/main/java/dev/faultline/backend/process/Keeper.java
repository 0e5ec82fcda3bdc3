package dev.faultline.backend.process;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.RouteFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.RunControl;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps one worker of a model version alive: hands it out, starts it again when it dies, waits longer each time it dies soon.
///
/// Longer than most files because states and their changes belong side by side, under one lock.
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  /// Where the model version stands; unlike [WorkerState] it says since when and until when.
  private sealed interface Phase {
    record Up(Worker worker, long sinceNanos) implements Phase {}

    record Down(int attempt, int failedStarts, long dueNanos, String reason) implements Phase {}

    record Given(String reason) implements Phase {}

    record Over() implements Phase {}
  }

  private final String model;
  private final String version;
  private final RestartPolicy policy;
  private final WorkerSource source;
  private final Consumer<WorkerEvent> events;
  private final LongSupplier clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Phase phase = new Phase.Over();
  private int attempts;

  Keeper(String model, String version, RestartPolicy policy, WorkerSource source, Consumer<WorkerEvent> events, LongSupplier nanoClock) {
    this.model = model;
    this.version = version;
    this.policy = policy;
    this.source = source;
    this.events = events;
    this.clock = nanoClock;
  }

  /// The first start.
  Loaded start() throws LoadException {
    Phase before = phase;
    WorkerSource.Ready ready = source.next();
    up(before, ready.worker());
    return ready.loaded();
  }

  /// The worker to run on; waits for one that is being started, unless that is too far away.
  ///
  /// @throws FaultException `queue.restarting`, `route.not_ready`, or that the run was stopped while it waited
  Worker await(RunControl control) {
    if (phase instanceof Phase.Up(Worker worker, _) && worker.isAlive()) {
      return worker;
    }
    control.attach(this::signal);
    try {
      return awaitUp(control);
    } finally {
      control.detach();
    }
  }

  WorkerState state() {
    return switch (phase) {
      case Phase.Up(Worker worker, _) when worker.isAlive() -> new WorkerState.Running(worker.pid());
      case Phase.Up _ -> new WorkerState.Restarting(attempts + 1, 0, "it has just died");
      case Phase.Down(int attempt, _, long dueNanos, String reason) -> new WorkerState.Restarting(attempt, Math.max(0, millisUntil(dueNanos)), reason);
      case Phase.Given(String reason) -> new WorkerState.Failed(reason);
      case Phase.Over _ -> new WorkerState.Closed();
    };
  }

  /// Starts again at once what had been given up.
  void revive() {
    lock.lock();
    try {
      if (phase instanceof Phase.Given(String reason)) {
        attempts = 0;
        down(reason, 0);
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    Phase last;
    lock.lock();
    try {
      last = phase;
      phase = new Phase.Over();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (last instanceof Phase.Up(Worker worker, _)) {
      worker.close();
    }
  }

  private Worker awaitUp(RunControl control) {
    long limit = clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(policy.waitMillis());
    lock.lock();
    try {
      while (true) {
        if (phase instanceof Phase.Up(Worker worker, _) && worker.isAlive()) {
          return worker;
        }
        requireHope(limit);
        if (control.stopReason().isPresent()) {
          throw new FaultException(new StoppedFault.Cancelled(Stage.INFER));
        }
        changed.awaitNanos(limit - clock.getAsLong());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FaultException(new StoppedFault.Cancelled(Stage.INFER), e);
    } finally {
      lock.unlock();
    }
  }

  /// @throws FaultException when no worker will be up within the limit
  private void requireHope(long limitNanos) {
    boolean late = clock.getAsLong() - limitNanos >= 0;
    switch (phase) {
      case Phase.Up _ -> {
        if (late) {
          throw restarting("it has just died", attempts + 1, 1);
        }
      }
      case Phase.Down(int attempt, _, long dueNanos, String reason) -> {
        if (late || dueNanos - limitNanos > 0) {
          throw restarting(reason, attempt, Math.toIntExact(Math.ceilDiv(Math.max(1, millisUntil(dueNanos)), 1_000)));
        }
      }
      case Phase.Given(String reason) -> throw new FaultException(new RouteFault.NotReady(model, version, "its process cannot be started: " + reason));
      case Phase.Over _ -> throw new FaultException(new RouteFault.NotReady(model, version, "it was unloaded"));
    }
  }

  private static FaultException restarting(String reason, int attempt, int retryAfterSeconds) {
    return new FaultException(new QueueFault.Restarting(reason, attempt, retryAfterSeconds));
  }

  /// Hands the worker out from now on, unless things have changed since it was asked for.
  private void up(Phase expected, Worker worker) {
    boolean wanted;
    lock.lock();
    try {
      wanted = phase.equals(expected);
      phase = wanted ? new Phase.Up(worker, clock.getAsLong()) : phase;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (wanted) {
      var _ = worker.death().thenAccept(death -> died(worker, death));
    } else {
      worker.close();
    }
  }

  private void died(Worker worker, WorkerDeath death) {
    lock.lock();
    try {
      if (phase instanceof Phase.Up(Worker current, long sinceNanos) && current == worker) {
        if (death.cause() == DeathCause.CLOSED) {
          // the backend was closed before its models
          phase = new Phase.Over();
          changed.signalAll();
          return;
        }
        tell(death);
        boolean stable = clock.getAsLong() - sinceNanos >= TimeUnit.MILLISECONDS.toNanos(policy.stableMillis());
        attempts = stable ? 0 : attempts;
        events.accept(new WorkerEvent.Died(death.cause(), death.reason(), death.evidence(), death.inside().size()));
        down(death.reason(), 0);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Under the ids of the requests that were inside.
  private void tell(WorkerDeath death) {
    String requests = String.join(", ", death.inside().stream().map(Run::request).filter(id -> !id.isEmpty()).distinct().toList());
    CurrentRequest.during(CurrentRequest.Tag.of(requests), () ->
        LOG.warn("the worker of {}/{} died: {}, {} runs inside, crash log '{}'", model, version, death.reason(), death.inside().size(), death.evidence().log()));
  }

  private void down(String reason, int failedStarts) {
    attempts++;
    long delayMillis = policy.delayMillis(attempts);
    var down = new Phase.Down(attempts, failedStarts, clock.getAsLong() + TimeUnit.MILLISECONDS.toNanos(delayMillis), reason);
    phase = down;
    changed.signalAll();
    events.accept(new WorkerEvent.Restarting(attempts, delayMillis));
    Thread.ofPlatform().daemon().name("restart-" + model).start(() -> restart(down));
  }

  private void restart(Phase.Down down) {
    if (!isDue(down)) {
      return;
    }
    try {
      up(down, source.next().worker());
    } catch (LoadException | RuntimeException e) {
      failed(down, e);
    }
  }

  private boolean isDue(Phase.Down down) {
    lock.lock();
    try {
      while (phase.equals(down) && down.dueNanos - clock.getAsLong() > 0) {
        changed.awaitNanos(down.dueNanos - clock.getAsLong());
      }
      return phase.equals(down);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    } finally {
      lock.unlock();
    }
  }

  private void failed(Phase.Down down, Exception e) {
    LOG.warn("the worker of {}/{} was not started, attempt {}", model, version, down.attempt, e);
    lock.lock();
    try {
      if (!phase.equals(down)) {
        return;
      }
      if (down.failedStarts + 1 < policy.failedStartsMax()) {
        down(String.valueOf(e.getMessage()), down.failedStarts + 1);
      } else {
        phase = new Phase.Given(String.valueOf(e.getMessage()));
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private long millisUntil(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(nanos - clock.getAsLong());
  }
}
