package dev.faultline.serving.backend;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The one hand on a run from outside: stops it, for one reason, once.
public final class RunControl {

  public enum StopReason {
    /// The model's own limit passed.
    TIMEOUT,
    /// The caller's deadline passed.
    DEADLINE,
    /// The caller left.
    CANCELLED
  }

  private final AtomicReference<@Nullable StopReason> reason = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> terminate = new AtomicReference<>();

  /// Stops the run; the first reason counts.
  public void stop(StopReason why) {
    if (reason.compareAndSet(null, why)) {
      runOnce();
    }
  }

  public Optional<StopReason> stopReason() {
    return Optional.ofNullable(reason.get());
  }

  /// How the backend is told to stop; called at most once, at once when the stop came first. The backend calls [#detach] before what
  /// `onStop` touches is closed.
  public void attach(Runnable onStop) {
    terminate.set(onStop);
    if (reason.get() != null) {
      runOnce();
    }
  }

  /// After this returns `onStop` is not called any more.
  public synchronized void detach() {
    terminate.set(null);
  }

  private synchronized void runOnce() {
    Runnable onStop = terminate.getAndSet(null);
    if (onStop != null) {
      onStop.run();
    }
  }
}
