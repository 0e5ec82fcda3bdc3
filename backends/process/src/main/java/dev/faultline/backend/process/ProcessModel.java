package dev.faultline.backend.process;

import dev.faultline.contract.TensorSpec;
import dev.faultline.fault.FaultException;
import dev.faultline.fault.InferFault;
import dev.faultline.fault.QueueFault;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadedModel;
import dev.faultline.serving.backend.ModelFacts;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;

/// A model version in a process of its own.
///
/// When that process dies, what becomes of a request that was inside depends on why ([WorkerDeath.Role]): the one that killed it fails
/// as `infer.crashed`; where several may have, each is run again alone, so that only the guilty fail; a bystander is run again with the
/// others; after a kill from outside, of which no request is guilty and which may mean that memory is short, all that were inside fail.
public final class ProcessModel implements LoadedModel {
  /// How many workers may die under one request without its doing before it is given up.
  private static final int WORKERS_MAX = 4;

  /// After this many culprits among those inside, the rest is not tried: an attack, or a model that dies of anything.
  private static final int CONVICTIONS_MAX = 8;

  private final Keeper keeper;
  private final Trials trials;
  private final Quarantine quarantine;
  private final Consumer<WorkerEvent> events;
  private final long hangKillMillis;
  private final Loaded loaded;

  ProcessModel(Keeper keeper, Trials trials, Quarantine quarantine, Consumer<WorkerEvent> events, long hangKillMillis) throws LoadException {
    this.keeper = keeper;
    this.trials = trials;
    this.quarantine = quarantine;
    this.events = events;
    this.hangKillMillis = hangKillMillis;
    this.loaded = keeper.start();
  }

  @Override
  public List<TensorSpec> inputs() {
    return loaded.inputs();
  }

  @Override
  public List<TensorSpec> outputs() {
    return loaded.outputs();
  }

  @Override
  public ModelFacts facts() {
    return loaded.facts();
  }

  @Override
  public long hangKillMillis() {
    return hangKillMillis;
  }

  public WorkerState state() {
    return keeper.state();
  }

  /// The inputs that killed its process.
  public Quarantine quarantine() {
    return quarantine;
  }

  /// Starts the process again when it had been given up ([WorkerState.Failed]).
  public void restart() {
    keeper.revive();
  }

  @Override
  public RunResult run(List<Tensor> inputs, RunControl control) {
    requireClear(inputs);
    for (int workers = 1; ; workers++) {
      try {
        RunResult result = keeper.await(control).run(inputs, control);
        noteBystander(workers);
        return result;
      } catch (WorkerLost lost) {
        WorkerDeath death = lost.death();
        switch (lost.role()) {
          case NOT_INSIDE -> requireWorker(workers, death);
          case BYSTANDER -> requireWorkersLeft(workers, death, inputs);
          case SUSPECT -> {
            return alone(death, inputs, control);
          }
          case CULPRIT -> throw guilty(death, inputs, control, 1, CrashFaults.among(death));
          case LOST -> throw lost(death, inputs, CrashFaults.among(death));
        }
      }
    }
  }

  @Override
  public void close() {
    keeper.close();
  }

  private void requireClear(List<Tensor> inputs) {
    try {
      quarantine.requireClear(inputs);
    } catch (FaultException e) {
      if (e.fault() instanceof QueueFault.Quarantined refused) {
        events.accept(new WorkerEvent.Refused(refused.digest()));
      }
      throw e;
    }
  }

  private void noteBystander(int workers) {
    if (workers > 1) {
      events.accept(new WorkerEvent.BystanderServed());
    }
  }

  private static void requireWorker(int workers, WorkerDeath death) {
    if (workers >= WORKERS_MAX) {
      throw new FaultException(new QueueFault.Restarting(death.reason(), workers, 1));
    }
  }

  private void requireWorkersLeft(int workers, WorkerDeath death, List<Tensor> inputs) {
    if (workers >= WORKERS_MAX) {
      throw lost(death, inputs, workers + " processes in a row died under it");
    }
  }

  private RunResult alone(WorkerDeath first, List<Tensor> inputs, RunControl control) {
    if (first.convictions().get() >= CONVICTIONS_MAX || control.stopReason().isPresent()) {
      throw lost(first, inputs, CrashFaults.among(first) + ", and this one was not run again");
    }
    try {
      RunResult result = trials.alone(inputs, control);
      events.accept(new WorkerEvent.BystanderServed());
      return result;
    } catch (WorkerLost again) {
      first.convictions().incrementAndGet();
      String finding = CrashFaults.among(first) + ", and this one, run again alone, killed another: " + again.death().reason();
      throw again.role() == WorkerDeath.Role.CULPRIT ? guilty(first, inputs, control, 2, finding) : lost(first, inputs, finding);
    } catch (LoadException e) {
      throw lost(first, inputs, CrashFaults.among(first) + ", and no process could be started to run this one again: " + e.getMessage());
    }
  }

  private FaultException guilty(WorkerDeath death, List<Tensor> inputs, RunControl control, int kills, String finding) {
    if (isInputsDoing(death, control)) {
      Quarantine.Entry entry = quarantine.strike(inputs, kills, death.reason());
      if (entry.held()) {
        events.accept(new WorkerEvent.Quarantined(entry.digest(), entry.kills()));
      }
    }
    return lost(death, inputs, finding);
  }

  /// A hang that only somebody's impatience made one is not held against the input.
  private static boolean isInputsDoing(WorkerDeath death, RunControl control) {
    return death.cause() != DeathCause.HANG || control.stopReason().filter(StopReason.TIMEOUT::equals).isPresent();
  }

  private FaultException lost(WorkerDeath death, List<Tensor> inputs, String finding) {
    events.accept(new WorkerEvent.RunLost(death.cause()));
    InferFault fault = CrashFaults.of(death, inputs, finding);
    return new FaultException(fault);
  }
}
