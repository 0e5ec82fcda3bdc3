package dev.faultline.backend.process;

import java.util.List;

/// That the parent killed a worker, and why. `culprits` are the runs on whose account it did.
record Kill(DeathCause cause, String reason, List<Run> culprits) {
  Kill {
    culprits = List.copyOf(culprits);
  }

  static Kill closed() {
    return new Kill(DeathCause.CLOSED, "it was closed", List.of());
  }
}
