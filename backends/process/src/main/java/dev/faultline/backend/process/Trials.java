package dev.faultline.backend.process;

import dev.faultline.serving.backend.LoadException;
import dev.faultline.serving.backend.RunControl;
import dev.faultline.serving.backend.RunResult;
import dev.faultline.tensor.Tensor;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Runs suspects one after the other, each alone in a worker that nobody else uses: who kills it is guilty, who does not has the answer.
final class Trials {
  private final WorkerSource source;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final AtomicInteger suspects = new AtomicInteger();
  private @Nullable Worker worker;

  Trials(WorkerSource source) {
    this.source = source;
  }

  /// @throws WorkerLost when the suspect killed the worker again
  /// @throws LoadException when no worker could be had
  RunResult alone(List<Tensor> inputs, RunControl control) throws WorkerLost, LoadException {
    suspects.incrementAndGet();
    turn.lock();
    try {
      return worker().run(inputs, control);
    } finally {
      dismissUnlessNeeded();
      turn.unlock();
    }
  }

  private Worker worker() throws LoadException {
    Worker usable = worker;
    if (usable == null || !usable.isAlive()) {
      usable = source.next().worker();
      worker = usable;
    }
    return usable;
  }

  private void dismissUnlessNeeded() {
    Worker idle = worker;
    if (suspects.decrementAndGet() == 0 && idle != null) {
      worker = null;
      idle.close();
    }
  }
}
