package dev.faultline.backend.process;

import dev.faultline.serving.backend.Artifact;
import dev.faultline.serving.backend.Backend;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.LoadOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Runs the models of another backend in child JVMs, one for each model version.
///
/// No process is started before the first model is loaded. Workers with other limits than the command's come from pools of their own.
public final class ProcessBackend implements Backend, AutoCloseable {
  private static final long WATCH_MILLIS = 100;

  /// Different limits for which a spare is kept; workers with still others are started when they are needed.
  private static final int POOLS_MAX = 8;

  private final ProcessSettings settings;
  private final WorkerListener listener;
  private final LongSupplier clock;
  private final WorkerCommand command;
  private final SharedFolder shared;
  private final ScheduledThreadPoolExecutor scheduler;
  private final AtomicInteger serials = new AtomicInteger();
  private final ConcurrentMap<WorkerLimits, SparePool> pools = new ConcurrentHashMap<>();
  private final Set<Living> living = ConcurrentHashMap.newKeySet();

  /// @throws IOException when there is no place for shared files
  public ProcessBackend(WorkerCommand command, ProcessSettings settings, WorkerListener listener, LongSupplier nanoClock) throws IOException {
    this.settings = settings;
    this.listener = listener;
    this.clock = nanoClock;
    this.command = command;
    this.shared = SharedFolder.create();
    this.scheduler = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("worker-watch").factory());
    scheduler.setRemoveOnCancelPolicy(true);
    // what is due after the end does not matter any more
    scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    var _ = scheduler.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String engine() {
    return pool(command.limits()).engine();
  }

  @Override
  public ProcessModel load(Artifact artifact, LoadOptions options) throws LoadException {
    Consumer<WorkerEvent> events = event -> listener.on(artifact.model(), artifact.version(), event);
    WorkerLimits limits = command.limits().narrowed(options.containment().memoryBytesMax(), options.containment().cpusMax());
    WorkerSource source = () -> ready(artifact, options, limits, events);
    var keeper = new Keeper(artifact.model(), artifact.version(), settings.restart(), source, events, clock);
    return new ProcessModel(keeper, new Trials(source), new Quarantine(settings.quarantine(), clock), events, settings.hangKillMillis());
  }

  /// Where the workers' files are.
  Path folder() {
    return shared.path();
  }

  /// After the models; ends what is left of them.
  @Override
  public void close() {
    pools.values().forEach(SparePool::close);
    living.forEach(each -> each.worker.close());
    scheduler.shutdownNow();
    try {
      shared.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SparePool pool(WorkerLimits limits) {
    SparePool known = pools.get(limits);
    return known == null && pools.size() >= POOLS_MAX ? new SparePool(launcher(limits), 0) : pools.computeIfAbsent(limits, this::newPool);
  }

  private SparePool newPool(WorkerLimits limits) {
    return new SparePool(launcher(limits), settings.sparesMax());
  }

  private WorkerLauncher launcher(WorkerLimits limits) {
    return new WorkerLauncher(command.withLimits(limits), settings, shared, scheduler, serials);
  }

  private WorkerSource.Ready ready(Artifact artifact, LoadOptions options, WorkerLimits limits, Consumer<WorkerEvent> events) throws LoadException {
    long start = clock.getAsLong();
    SparePool spares = pool(limits);
    Worker worker = spares.take();
    boolean loaded = false;
    try {
      var ready = new WorkerSource.Ready(worker, worker.load(artifact, options));
      loaded = true;
      live(worker, limits, events);
      events.accept(new WorkerEvent.Started(worker.pid(), TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - start)));
      return ready;
    } finally {
      if (!loaded) {
        worker.close();
      }
      spares.refill();
    }
  }

  private void live(Worker worker, WorkerLimits limits, Consumer<WorkerEvent> events) {
    var own = new Living(worker, limits, events);
    living.add(own);
    var _ = worker.death().whenComplete((_, _) -> {
      living.remove(own);
      events.accept(new WorkerEvent.Ended(worker.pid()));
    });
  }

  /// Tells what the workers hold in memory, and kills one that holds too much.
  private void watch() {
    living.forEach(each -> Residence.bytes(each.worker.pid()).ifPresent(bytes -> watch(each, bytes)));
  }

  private void watch(Living each, long bytes) {
    each.events.accept(new WorkerEvent.Resident(each.worker.pid(), bytes));
    long bytesMax = each.limits.memoryBytesMax();
    if (bytesMax > 0 && bytes > bytesMax) {
      String reason = "it held " + bytes + " bytes of memory (expected: at most " + bytesMax + ")";
      each.worker.kill(new Kill(DeathCause.MEMORY, reason, List.of()));
    }
  }

  private record Living(Worker worker, WorkerLimits limits, Consumer<WorkerEvent> events) {}
}
