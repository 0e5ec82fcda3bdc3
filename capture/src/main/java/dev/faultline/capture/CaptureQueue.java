package dev.faultline.capture;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The bounded queue between requests and a capture store. Whoever offers never waits: when it is full, the capture is dropped and
/// counted.
///
/// A request's thread hands over a rendering, not a capture: documents are written, redacted and stored on one background thread.
/// The thread is a platform daemon thread, because the durable store calls native code. A batch that the store refuses is counted
/// as dropped, the reason is kept, and the queue goes on.
public final class CaptureQueue implements AutoCloseable {

  /// Bounds of the queue. A batch is stored when it has `batchMax` captures or its first one has waited `lingerMillis`.
  public record Limits(int countMax, long bytesMax, int batchMax, int lingerMillis, int closeMillis) {
    public static final Limits DEFAULT = new Limits(10_000, 64L << 20, 500, 20, 5_000);
  }

  private record Waiting(long bytes, Supplier<Capture> rendering) {}

  private final CaptureStore store;
  private final Limits limits;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition settled = lock.newCondition();
  private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

  // guarded by lock
  private boolean open = true;
  private long waitingBytes;
  private long accepted;
  private long settledCount;
  private long stored;
  private long dropped;
  private long sampledOut;
  private long storedBytes;
  private String lastFailure = "";
  private boolean flushing;

  public CaptureQueue(CaptureStore store, Limits limits) {
    this.store = store;
    this.limits = limits;
    this.thread = Thread.ofPlatform().daemon().name("faultline-capture").unstarted(this::run);
    thread.start();
  }

  /// Takes a capture to be rendered and stored later, or drops it when the queue is full or closed.
  ///
  /// @param bytes roughly what the rendering holds on to: payload and tensors
  /// @return whether it was taken
  public boolean offer(long bytes, Supplier<Capture> rendering) {
    lock.lock();
    try {
      String refusal = refusal(bytes);
      if (!refusal.isEmpty()) {
        drop(1, refusal);
        return false;
      }
      waiting.addLast(new Waiting(bytes, rendering));
      waitingBytes += bytes;
      accepted++;
      wakeIfWorthIt();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// A wake-up costs the request more than the rest of an offer: only the first of a batch and a full batch are worth one.
  private void wakeIfWorthIt() {
    if (waiting.size() == 1 || waiting.size() == limits.batchMax) {
      arrived.signal();
    }
  }

  private String refusal(long bytes) {
    if (!open) {
      return "the capture queue is closed";
    }
    if (waiting.size() >= limits.countMax) {
      return "the capture queue is full: " + limits.countMax + " captures wait (mend: a faster disk, or a larger queue)";
    }
    return waitingBytes + bytes > limits.bytesMax && !waiting.isEmpty()
        ? "the capture queue is full: " + waitingBytes + " bytes wait (expected: at most " + limits.bytesMax + ")"
        : "";
  }

  /// Counts a request that the policy left out.
  public void leaveOut() {
    lock.lock();
    try {
      sampledOut++;
    } finally {
      lock.unlock();
    }
  }

  public CaptureCounts counts() {
    lock.lock();
    try {
      return new CaptureCounts(stored, dropped, sampledOut, storedBytes, waiting.size(), waitingBytes, lastFailure);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything offered so far is stored or dropped.
  ///
  /// @return whether it was, within the timeout
  public boolean flush(Duration timeout) {
    lock.lock();
    try {
      return awaitSettled(accepted, timeout.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean awaitSettled(long target, long timeoutNanos) throws InterruptedException {
    long left = timeoutNanos;
    while (settledCount < target && left > 0) {
      flushing = true;
      arrived.signal();
      left = settled.awaitNanos(left);
    }
    return settledCount >= target;
  }

  /// Takes no more, stores what waits within `closeMillis`, and drops and counts the rest. The store stays open.
  @Override
  public void close() {
    lock.lock();
    try {
      open = false;
      arrived.signal();
    } finally {
      lock.unlock();
    }
    if (!flush(Duration.ofMillis(limits.closeMillis))) {
      abandon();
    }
  }

  private void abandon() {
    lock.lock();
    try {
      int left = waiting.size();
      waiting.clear();
      waitingBytes = 0;
      settledCount += left;
      drop(left, "the server stopped before " + left + " waiting captures could be stored");
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    List<Waiting> batch = take();
    while (!batch.isEmpty()) {
      settle(batch.size(), store(batch));
      batch = take();
    }
  }

  /// The next batch; empty when the queue is closed and drained.
  private List<Waiting> take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && open) {
        arrived.awaitUninterruptibly();
      }
      linger();
      return drain();
    } finally {
      lock.unlock();
    }
  }

  private void linger() {
    long left = TimeUnit.MILLISECONDS.toNanos(limits.lingerMillis);
    try {
      while (open && !flushing && left > 0 && waiting.size() < limits.batchMax) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      // nobody interrupts this thread but a foreign library: store what there is
      return;
    }
  }

  private List<Waiting> drain() {
    var batch = new ArrayList<Waiting>(Math.min(waiting.size(), limits.batchMax));
    while (batch.size() < limits.batchMax && !waiting.isEmpty()) {
      Waiting next = waiting.removeFirst();
      waitingBytes -= next.bytes;
      batch.add(next);
    }
    flushing = flushing && !waiting.isEmpty();
    return batch;
  }

  private record Stored(int count, long bytes, String failure) {}

  private Stored store(List<Waiting> batch) {
    var rendered = new ArrayList<Capture>(batch.size());
    String failure = render(batch, rendered);
    try {
      store.append(rendered);
    } catch (RuntimeException e) {
      return new Stored(0, 0, e.toString());
    }
    return new Stored(rendered.size(), rendered.stream().mapToLong(Capture::weightBytes).sum(), failure);
  }

  private static String render(List<Waiting> batch, List<Capture> rendered) {
    String failure = "";
    for (Waiting each : batch) {
      try {
        rendered.add(each.rendering.get());
      } catch (RuntimeException e) {
        failure = "a capture could not be rendered: " + e;
      }
    }
    return failure;
  }

  private void settle(int count, Stored outcome) {
    lock.lock();
    try {
      stored += outcome.count;
      storedBytes += outcome.bytes;
      settledCount += count;
      drop(count - outcome.count, outcome.failure);
      settled.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void drop(int count, String reason) {
    dropped += count;
    lastFailure = count == 0 ? lastFailure : reason;
  }
}
