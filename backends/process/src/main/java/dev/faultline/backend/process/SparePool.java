package dev.faultline.backend.process;

import dev.faultline.serving.backend.LoadException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Workers that wait with their engine loaded, so that a dead one is replaced in the time a model takes to load.
final class SparePool implements AutoCloseable {
  private final WorkerLauncher launcher;
  private final int sparesMax;
  private final Deque<CompletableFuture<Worker>> spares = new ArrayDeque<>();
  private @Nullable String engine;
  private boolean closed;

  SparePool(WorkerLauncher launcher, int sparesMax) {
    this.launcher = launcher;
    this.sparesMax = sparesMax;
    refill();
  }

  /// A spare, or a new one when none is left or the spare died while it waited. Whoever takes one calls [#refill] once it is at work:
  /// a JVM that starts meanwhile would slow it down.
  Worker take() throws LoadException {
    requireOpen();
    Worker spare = next();
    return note(spare != null && spare.isAlive() ? spare : launcher.launch());
  }

  /// What the first worker said it runs.
  ///
  /// @throws IllegalStateException when no worker starts
  synchronized String engine() {
    String known = engine;
    if (known != null) {
      return known;
    }
    try {
      Worker first = take();
      spares.addFirst(CompletableFuture.completedFuture(first));
      return first.engine();
    } catch (LoadException e) {
      throw new IllegalStateException("no worker starts: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    Deque<CompletableFuture<Worker>> left;
    synchronized (this) {
      closed = true;
      left = new ArrayDeque<>(spares);
      spares.clear();
    }
    left.forEach(spare -> spare.thenAccept(Worker::close).exceptionally(_ -> null).join());
  }

  private synchronized void requireOpen() throws LoadException {
    if (closed) {
      throw new LoadException("load.worker", "no worker is started any more (expected: a backend that is not closed)");
    }
  }

  private synchronized Worker note(Worker worker) {
    engine = worker.engine();
    return worker;
  }

  private @Nullable Worker next() {
    CompletableFuture<Worker> spare;
    synchronized (this) {
      spare = spares.pollFirst();
    }
    try {
      return spare == null ? null : spare.join();
    } catch (CompletionException e) {
      // a spare that did not start: the caller launches one itself and reports what it meets
      return null;
    }
  }

  synchronized void refill() {
    while (!closed && spares.size() < sparesMax) {
      spares.add(CompletableFuture.supplyAsync(this::launch, task -> Thread.ofPlatform().daemon().name("spare").start(task)));
    }
  }

  private Worker launch() {
    try {
      return launcher.launch();
    } catch (LoadException e) {
      throw new CompletionException(e);
    }
  }
}
