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
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Runs the models of another backend in child JVMs, one for each model version.
public final class ProcessBackend implements Backend, AutoCloseable {
  private static final long WATCH_MILLIS = 100;

  private final ProcessSettings settings;
  private final WorkerListener listener;
  private final LongSupplier clock;
  private final WorkerLimits limits;
  private final SharedFolder shared;
  private final ScheduledThreadPoolExecutor scheduler;
  private final SparePool spares;
  private final Set<Living> living = ConcurrentHashMap.newKeySet();

  /// Starts the first worker in the background.
  ///
  /// @throws IOException when there is no place for shared files
  public ProcessBackend(WorkerCommand command, ProcessSettings settings, WorkerListener listener, LongSupplier nanoClock) throws IOException {
    this.settings = settings;
    this.listener = listener;
    this.clock = nanoClock;
    this.limits = command.limits();
    this.shared = SharedFolder.create();
    this.scheduler = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("worker-watch").factory());
    scheduler.setRemoveOnCancelPolicy(true);
    // what is due after the end does not matter any more
    scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    this.spares = new SparePool(new WorkerLauncher(command, settings, shared, scheduler), settings.sparesMax());
    var _ = scheduler.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public String engine() {
    return spares.engine();
  }

  @Override
  public ProcessModel load(Artifact artifact, LoadOptions options) throws LoadException {
    Consumer<WorkerEvent> events = event -> listener.on(artifact.model(), artifact.version(), event);
    WorkerSource source = () -> ready(artifact, options, events);
    var keeper = new Keeper(artifact.model(), artifact.version(), settings.restart(), source, events, clock);
    return new ProcessModel(keeper, new Trials(source), new Quarantine(settings.quarantine(), clock), events);
  }

  /// Where the workers' files are.
  Path folder() {
    return shared.path();
  }

  /// After the models.
  @Override
  public void close() {
    spares.close();
    scheduler.shutdownNow();
    try {
      shared.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private WorkerSource.Ready ready(Artifact artifact, LoadOptions options, Consumer<WorkerEvent> events) throws LoadException {
    long start = clock.getAsLong();
    Worker worker = spares.take();
    boolean loaded = false;
    try {
      var ready = new WorkerSource.Ready(worker, worker.load(artifact, options));
      loaded = true;
      live(worker, events);
      events.accept(new WorkerEvent.Started(worker.pid(), TimeUnit.NANOSECONDS.toMillis(clock.getAsLong() - start)));
      return ready;
    } finally {
      if (!loaded) {
        worker.close();
      }
      spares.refill();
    }
  }

  private void live(Worker worker, Consumer<WorkerEvent> events) {
    var own = new Living(worker, events);
    living.add(own);
    var _ = worker.death().whenComplete((_, _) -> living.remove(own));
  }

  /// Tells what the workers hold in memory, and kills one that holds too much.
  private void watch() {
    living.forEach(each -> Residence.bytes(each.worker.pid()).ifPresent(bytes -> watch(each, bytes)));
  }

  private void watch(Living each, long bytes) {
    each.events.accept(new WorkerEvent.Resident(each.worker.pid(), bytes));
    if (limits.memoryBytesMax() > 0 && bytes > limits.memoryBytesMax()) {
      String reason = "it held " + bytes + " bytes of memory (expected: at most " + limits.memoryBytesMax() + ")";
      each.worker.kill(new Kill(DeathCause.MEMORY, reason, List.of()));
    }
  }

  private record Living(Worker worker, Consumer<WorkerEvent> events) {}
}
