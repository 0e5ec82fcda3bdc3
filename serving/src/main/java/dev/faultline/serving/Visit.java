package dev.faultline.serving;

import dev.faultline.fault.Stage;
import dev.faultline.request.Arrival;
import dev.faultline.request.ResolvedVersion;

/// A request that is on its way through the pipeline now: who it is, on which thread, and where it has got to.
public final class Visit {
  private final Arrival arrival;
  private final Thread thread = Thread.currentThread();
  private volatile ResolvedVersion version = ResolvedVersion.NONE;
  private volatile Stage stage = Stage.DECODE;

  Visit(Arrival arrival) {
    this.arrival = arrival;
  }

  public Arrival arrival() {
    return arrival;
  }

  public Thread thread() {
    return thread;
  }

  /// The version that answers, none before ROUTE is through.
  public ResolvedVersion version() {
    return version;
  }

  /// The stage it is in, or has just left.
  public Stage stage() {
    return stage;
  }

  void routed(ResolvedVersion resolved) {
    version = resolved;
  }

  void enter(Stage entered) {
    stage = entered;
  }
}
