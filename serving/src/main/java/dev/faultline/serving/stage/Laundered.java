package dev.faultline.serving.stage;

import dev.faultline.fault.Evidence;
import dev.faultline.serving.backend.RunResult.Watched;
import dev.faultline.tensor.FiniteScan;
import java.util.BitSet;
import java.util.Optional;

/// An inner value that held NaN when an operator turned it into something that looks sound.
///
/// Only NaN counts. Infinities before such an operator are often meant: attention masks and top-k selections write negative infinity
/// so that an index is never chosen.
record Laundered(Watched watched, long count, BitSet rows, long rowCount) {

  static Optional<Laundered> find(Watched watched) {
    int at = FiniteScan.nextNan(watched.tensor(), 0);
    if (at < 0) {
      return Optional.empty();
    }
    var rows = new BitSet();
    long count = 0;
    for (; at >= 0; at = FiniteScan.nextNan(watched.tensor(), at + 1)) {
      rows.set((int) watched.tensor().shape().row(at));
      count++;
    }
    return Optional.of(new Laundered(watched, count, rows, BrokenElements.rowCount(watched.tensor())));
  }

  Evidence swallowed() {
    return new Evidence.Swallowed(watched.swallowedBy(), watched.tensor().name(), count);
  }

  /// Whether the output shows the same rows as not finite, so that both are one fault.
  boolean isSeenIn(Broken broken) {
    if (!broken.isNonfinite() || broken.rowCount() != rowCount) {
      return false;
    }
    var unseen = (BitSet) rows.clone();
    unseen.andNot(broken.rows());
    return unseen.isEmpty();
  }
}
