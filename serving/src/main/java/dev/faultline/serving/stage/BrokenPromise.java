package dev.faultline.serving.stage;

import dev.faultline.contract.Expectation.Mode;
import java.util.List;

/// A broken promise together with the inner values in which the engine saw it come.
record BrokenPromise(Broken broken, List<Laundered> laundered) {
  BrokenPromise {
    laundered = List.copyOf(laundered);
  }

  boolean isEnforced() {
    return broken.mode() == Mode.ENFORCE;
  }
}
