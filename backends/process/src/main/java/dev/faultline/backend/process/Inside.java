package dev.faultline.backend.process;

import java.util.ArrayList;
import java.util.List;

/// The runs that are in a worker, until it dies: then the list is sealed, and who is on it was inside.
final class Inside {
  private final List<Run> runs = new ArrayList<>();
  private boolean sealed;

  /// Whether the run is inside; false when the worker is dead.
  synchronized boolean enter(Run run) {
    return !sealed && runs.add(run);
  }

  synchronized void leave(Run run) {
    runs.remove(run);
  }

  synchronized boolean holds(Run run) {
    return !sealed && runs.contains(run);
  }

  synchronized List<Run> seal() {
    sealed = true;
    return List.copyOf(runs);
  }
}
