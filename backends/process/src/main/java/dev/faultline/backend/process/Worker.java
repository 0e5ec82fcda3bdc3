package dev.faultline.backend.process;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.fault.Thrown;
import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A child JVM with a backend in it, and after [#load] a model. Any number of threads run at once, each in a slot of its own.
///
/// A run ends in an answer, a fault or, when the worker dies, in [WorkerLost], which says what the death means for that run. Longer than
/// most files because a worker's life, from load to death, is one story.
final class Worker {
  /// How long a process may take to die after it closed a connection; writing a crash log is most of it.
  private static final long DYING_MILLIS_MAX = 10_000;

  private final Child child;
  private final WorkerFolder folder;
  private final Wire control;
  private final String engine;
  private final Inquest inquest;
  private final ProcessSettings settings;
  private final ScheduledExecutorService scheduler;
  private final Slots slots;
  private final Inside inside = new Inside();
  private final AtomicReference<@Nullable Kill> kill = new AtomicReference<>();
  private final CompletableFuture<WorkerDeath> death;
  private volatile boolean writesAtItsEnd;

  Worker(
      Child child,
      WorkerFolder folder,
      Wire control,
      String engine,
      Inquest inquest,
      ProcessSettings settings,
      ScheduledExecutorService scheduler) {
    this.child = child;
    this.folder = folder;
    this.control = control;
    this.engine = engine;
    this.inquest = inquest;
    this.settings = settings;
    this.scheduler = scheduler;
    this.slots = new Slots(folder, settings.slotsMax(), settings.regionBytesMax());
    this.death = child.exit().thenApply(this::bury);
  }

  String engine() {
    return engine;
  }

  long pid() {
    return child.process().pid();
  }

  boolean isAlive() {
    return !death.isDone() && child.process().isAlive();
  }

  /// Completes when the worker is dead and it is known how.
  CompletableFuture<WorkerDeath> death() {
    return death;
  }

  /// Once, before the first run.
  Loaded load(Artifact artifact, LoadOptions options) throws LoadException {
    var deadline = scheduler.schedule(() -> kill(tooSlow(artifact)), settings.loadMillisMax(), TimeUnit.MILLISECONDS);
    writesAtItsEnd = !options.nodeTimes().isEmpty();
    try {
      return load(artifact, options, control);
    } catch (IOException e) {
      WorkerDeath how = dying(new Kill(DeathCause.CRASH, "it hung up while it loaded the model: " + e.getMessage(), List.of()));
      throw new LoadException("load.crashed", "the process that loaded '" + artifact.file() + "' died: " + how.reason() + " (expected: a model that loads)", e);
    } finally {
      deadline.cancel(false);
    }
  }

  /// @throws FaultException with what the backend reports
  /// @throws WorkerLost when the worker died
  RunResult run(List<Tensor> inputs, RunControl stop) throws WorkerLost {
    var run = new Run(inputs);
    if (!inside.enter(run)) {
      throw new WorkerLost(death.join(), run);
    }
    try {
      return run(run, slots.take(), stop);
    } catch (ClosedByInterruptException e) {
      throw new FaultException(new StoppedFault.Cancelled(Stage.INFER), e);
    } catch (RegionFullException e) {
      throw new FaultException(new InferFault.OutOfMemory(String.valueOf(e.getMessage()), List.of(), List.of(), List.of(Thrown.of(e))), e);
    } catch (IOException e) {
      throw new WorkerLost(dying(new Kill(DeathCause.CRASH, "it broke a connection: " + e.getMessage(), List.of(run))), run);
    } finally {
      inside.leave(run);
    }
  }

  /// The first reason counts.
  void kill(Kill why) {
    if (kill.compareAndSet(null, why)) {
      child.kill();
    }
  }

  void close() {
    if (writesAtItsEnd && kill.compareAndSet(null, Kill.closed())) {
      hangUp();
      child.kill();
    }
    kill(Kill.closed());
    death.join();
  }

  /// Lets the process close its model, which is when the engine writes what it has measured.
  private void hangUp() {
    try {
      control.close();
      var _ = child.process().waitFor(DYING_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException("a connection to a worker cannot be closed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Loaded load(Artifact artifact, LoadOptions options, Wire wire) throws IOException, LoadException {
    WireWriter order = wire.start(FrameKind.LOAD);
    ModelWire.artifact(order, artifact);
    ModelWire.options(order, options);
    wire.send();
    WireReader answer = wire.receive();
    FrameKind kind = answer.kind();
    if (kind == FrameKind.REFUSED) {
      throw new LoadException(answer.text(), answer.text(), new WorkerDefectException(FaultWire.thrown(answer).getFirst()));
    }
    if (kind != FrameKind.LOADED) {
      throw new WireException("a frame " + kind + " (expected: LOADED or REFUSED)");
    }
    Loaded loaded = ModelWire.loaded(answer);
    answer.end();
    return loaded;
  }

  private RunResult run(Run run, Slot slot, RunControl stop) throws IOException {
    long number = slot.nextRun();
    boolean sound = false;
    stop.attach(() -> stop(run, slot.number(), number, stop.stopReason().orElse(StopReason.CANCELLED)));
    try {
      RunResult result = slot.run(run.inputs());
      sound = true;
      return result;
    } catch (FaultException | WorkerDefectException | RegionFullException e) {
      sound = true;
      throw e;
    } finally {
      stop.detach();
      if (slot.isExhausted()) {
        kill(new Kill(DeathCause.RENEWED, "it was replaced because an allocation had failed", List.of()));
      }
      if (sound) {
        slots.giveBack(slot);
      } else {
        slots.discard(slot);
      }
    }
  }

  private void stop(Run run, int slot, long number, StopReason reason) {
    var _ = scheduler.schedule(() -> hung(run, reason), settings.killMillis(reason), TimeUnit.MILLISECONDS);
    try {
      synchronized (control) {
        control.start(FrameKind.STOP).i32(slot).i64(number).choice(reason);
        control.send();
      }
    } catch (IOException e) {
      // the worker is gone, which the run itself will find
    }
  }

  private void hung(Run run, StopReason reason) {
    if (inside.holds(run)) {
      String why = "a run did not return within " + settings.killMillis(reason) + " ms after it was told to stop for " + reason;
      kill(new Kill(DeathCause.HANG, why, List.of(run)));
    }
  }

  /// How this worker dies, or is made to when it takes too long over it.
  private WorkerDeath dying(Kill otherwise) {
    var _ = scheduler.schedule(() -> kill(otherwise), DYING_MILLIS_MAX, TimeUnit.MILLISECONDS);
    return death.join();
  }

  private WorkerDeath bury(Process dead) {
    WorkerDeath how = inquest.hold(dead, Optional.ofNullable(kill.get()), inside.seal());
    try {
      slots.close();
      control.close();
      folder.wipe();
    } catch (IOException e) {
      // what is left is wiped with the backend's folder
    }
    return how;
  }

  private Kill tooSlow(Artifact artifact) {
    return new Kill(
        DeathCause.HANG, "loading '" + artifact.file() + "' took more than " + settings.loadMillisMax() + " ms", List.of());
  }
}
