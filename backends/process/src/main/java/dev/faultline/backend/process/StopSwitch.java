package dev.faultline.backend.process;

import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunControl.StopReason;
import org.jspecify.annotations.Nullable;

/// Brings a stop to the run it is meant for, in the worker.
///
/// Runs arrive on the slot's connection and stops on the control connection, so a stop may overtake its run or come when it is over.
final class StopSwitch {
  private static final long NONE = -1;

  private long running = NONE;
  private @Nullable RunControl control;
  private long stopped = NONE;
  private StopReason reason = StopReason.CANCELLED;

  RunControl begin(long run) {
    var fresh = new RunControl();
    synchronized (this) {
      running = run;
      control = fresh;
      if (stopped != run) {
        return fresh;
      }
    }
    fresh.stop(reason);
    return fresh;
  }

  synchronized void end() {
    running = NONE;
    control = null;
  }

  void stop(long run, StopReason why) {
    RunControl target;
    synchronized (this) {
      stopped = run;
      reason = why;
      target = running == run ? control : null;
    }
    if (target != null) {
      target.stop(why);
    }
  }
}
