package dev.faultline.server.threads;

import dev.faultline.backend.process.ProcessModel;
import dev.faultline.backend.process.WorkerState;
import dev.faultline.server.contain.WorkerHouse;
import dev.faultline.serving.Visit;
import dev.faultline.serving.backend.LaneRun;
import dev.faultline.serving.model.ModelListing;
import dev.faultline.serving.model.ModelState;
import dev.faultline.serving.model.ModelVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Which threads work for a request now: its own, and the lane on which its model runs.
public final class BusyThreads {
  private final Supplier<List<Visit>> visits;
  private final Supplier<List<ModelListing>> models;
  private final LongSupplier nanoClock;

  public BusyThreads(Supplier<List<Visit>> visits, Supplier<List<ModelListing>> models, LongSupplier nanoClock) {
    this.visits = visits;
    this.models = models;
    this.nanoClock = nanoClock;
  }

  /// What a thread is to a request.
  enum Role {
    REQUEST,
    LANE
  }

  /// A thread's work. `request` holds several ids, parted by commas, on a lane that runs a batch. `workerPid` is the process that a lane waits
  /// for, 0 when the engine runs in this one.
  record Work(Role role, String request, String trace, String model, String version, String stage, double millis, long workerPid) {}

  /// By the threads' numbers.
  Map<Long, Work> now() {
    var busy = new HashMap<Long, Work>();
    long now = nanoClock.getAsLong();
    for (Visit visit : visits.get()) {
      busy.put(visit.thread().threadId(), of(visit, now));
    }
    for (ModelListing listing : models.get()) {
      if (listing.state() instanceof ModelState.Ready(ModelVersion version, long _)) {
        version.lanes().runs().forEach(run -> busy.put(run.thread().threadId(), of(run, version, now)));
      }
    }
    return busy;
  }

  private static Work of(Visit visit, long now) {
    return new Work(
        Role.REQUEST,
        visit.arrival().id().value(),
        visit.arrival().traceId(),
        visit.version().model(),
        visit.version().version(),
        visit.stage().name(),
        (now - visit.arrival().atNanos()) / 1e6,
        0);
  }

  private static Work of(LaneRun run, ModelVersion version, long now) {
    return new Work(Role.LANE, run.caller(), "", version.id().model(), version.id().version(), "INFER", (now - run.sinceNanos()) / 1e6, pid(version));
  }

  private static long pid(ModelVersion version) {
    return WorkerHouse.processOf(version.model()).map(ProcessModel::state).map(state -> switch (state) {
      case WorkerState.Running(long pid) -> pid;
      case WorkerState.Restarting _, WorkerState.Failed _, WorkerState.Closed _ -> 0L;
    }).orElse(0L);
  }
}
