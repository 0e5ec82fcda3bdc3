package dev.faultline.serving.backend;

import dev.faultline.fault.FaultException;
import dev.faultline.fault.QueueFault;
import dev.faultline.fault.Stage;
import dev.faultline.fault.StoppedFault;
import dev.faultline.request.Cancellation;
import dev.faultline.request.Deadline;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// The platform threads on which one model version runs, and the bounded queue before them.
///
/// A native call holds its thread, so requests on virtual threads hop to a lane. A place is given back only when the native call has
/// returned: a run that was stopped and has not come back yet still counts against `instances`.
public final class Lanes implements AutoCloseable {
  /// How often a waiting request asks whether its caller has left.
  static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long IDLE_SECONDS = 30;
  private static final int RETRY_AFTER_SECONDS = 1;

  private final Limits limits;
  private final LongSupplier clock;
  private final Semaphore free;
  private final AtomicInteger waiting = new AtomicInteger();
  private final ThreadPoolExecutor threads;

  /// `name` names the threads.
  public Lanes(String name, Limits limits, LongSupplier nanoClock) {
    this.limits = limits;
    this.clock = nanoClock;
    this.free = new Semaphore(limits.instances(), true);
    this.threads = new ThreadPoolExecutor(
        limits.instances(),
        limits.instances(),
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(limits.instances()),
        Thread.ofPlatform().daemon().name("lane-" + name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// QUEUE: waits for a place.
  ///
  /// @throws FaultException `queue.full`, `queue.timeout`, `queue.deadline` or `queue.cancelled`
  public Place admit(Deadline deadline, Cancellation cancellation) {
    // tryAcquire alone would overtake those who wait
    if (free.hasQueuedThreads() || !free.tryAcquire()) {
      await(deadline, cancellation);
    }
    return new Place(this, deadline, limits.inferTimeoutMillis());
  }

  public int waiting() {
    return waiting.get();
  }

  public int running() {
    return limits.instances() - free.availablePermits();
  }

  public Limits limits() {
    return limits;
  }

  @Override
  public void close() {
    threads.shutdown();
  }

  /// Runs `action` once no run is under way, and takes no more runs: a run that was stopped may come back long after its request.
  public void whenIdle(Runnable action) {
    Thread.ofVirtual().name("retire").start(() -> {
      free.acquireUninterruptibly(limits.instances());
      action.run();
      close();
    });
  }

  void execute(Runnable run) {
    threads.execute(run);
  }

  void release() {
    free.release();
  }

  LongSupplier clock() {
    return clock;
  }

  private void await(Deadline deadline, Cancellation cancellation) {
    int ahead = waiting.getAndIncrement();
    try {
      if (ahead >= limits.queueCapacityMax()) {
        throw new FaultException(new QueueFault.Full(ahead, limits.queueCapacityMax(), RETRY_AFTER_SECONDS));
      }
      acquire(deadline, cancellation);
    } finally {
      waiting.decrementAndGet();
    }
  }

  private void acquire(Deadline deadline, Cancellation cancellation) {
    long start = clock.getAsLong();
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(limits.queueTimeoutMillis());
    while (true) {
      long now = clock.getAsLong();
      long rest = limitNanos - (now - start);
      long callersRest = deadline.remainingNanos(now);
      if (callersRest <= 0) {
        throw new FaultException(new StoppedFault.DeadlinePassed(Stage.QUEUE, deadline.budgetNanos() / 1e6));
      }
      if (rest <= 0) {
        throw new FaultException(new QueueFault.Timeout((now - start) / 1e6, limits.queueTimeoutMillis(), RETRY_AFTER_SECONDS));
      }
      if (cancellation.isCancelled()) {
        throw new FaultException(new StoppedFault.Cancelled(Stage.QUEUE));
      }
      if (acquired(Math.min(POLL_NANOS, Math.min(rest, callersRest)))) {
        return;
      }
    }
  }

  private boolean acquired(long nanos) {
    try {
      return free.tryAcquire(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      // the edge interrupts a request's thread only when its connection is gone
      Thread.currentThread().interrupt();
      throw new FaultException(new StoppedFault.Cancelled(Stage.QUEUE), e);
    }
  }
}
