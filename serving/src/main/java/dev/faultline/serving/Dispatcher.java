package dev.faultline.serving;

import dev.faultline.request.Arrival;
import dev.faultline.request.Outcome;
import dev.faultline.serving.current.CurrentRequest;
import dev.faultline.serving.current.CurrentRequest.Tag;
import dev.faultline.serving.stage.Codec;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The door between the edge and the pipeline: counts who is inside, and lets the server wait until all have left.
public final class Dispatcher {
  private final Pipeline pipeline;
  private final AtomicInteger inside = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();

  public Dispatcher(Pipeline pipeline) {
    this.pipeline = pipeline;
  }

  public Outcome dispatch(Arrival arrival, Codec codec) {
    inside.incrementAndGet();
    try {
      return CurrentRequest.during(Tag.of(arrival), () -> pipeline.run(arrival, codec));
    } finally {
      if (inside.decrementAndGet() == 0) {
        signalEmpty();
      }
    }
  }

  /// The requests inside, in no order.
  public List<Visit> visits() {
    return pipeline.visits();
  }

  public int inFlight() {
    return inside.get();
  }

  /// Waits until nobody is inside.
  ///
  /// @return whether that happened within `timeoutMillis`
  public boolean awaitEmpty(long timeoutMillis) throws InterruptedException {
    long rest = timeoutMillis * 1_000_000;
    lock.lock();
    try {
      while (inside.get() > 0 && rest > 0) {
        rest = empty.awaitNanos(rest);
      }
      return inside.get() == 0;
    } finally {
      lock.unlock();
    }
  }

  private void signalEmpty() {
    lock.lock();
    try {
      empty.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
