package dev.faultline.backend.process;

import dev.faultline.serving.backend.LoadException;

/// Where workers come from that have loaded one certain model.
@FunctionalInterface
interface WorkerSource {

  /// A worker and what it says of its model.
  record Ready(Worker worker, Loaded loaded) {}

  Ready next() throws LoadException;
}
