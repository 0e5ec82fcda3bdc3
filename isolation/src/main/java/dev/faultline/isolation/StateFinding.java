package dev.faultline.isolation;

import dev.faultline.isolation.replay.Specimen;
import java.util.List;

/// How often a request failed on copies that had served nothing before it, and on copies that had served `needed` first.
///
/// `needed` holds requests in the order in which they came, empty when nothing that came before makes a difference. `repeated` says that both were
/// run often enough after `needed` was found.
record StateFinding(int freshFailed, int fresh, int afterFailed, int after, List<Specimen> needed, boolean repeated) {
  private static final double CHANCE_MAX = 0.05;
  static final StateFinding NONE = new StateFinding(0, 0, 0, 0, List.of(), false);

  StateFinding {
    needed = List.copyOf(needed);
  }

  /// Whether each copy that had served them did one thing, and each fresh one the other, more often than chance would have it.
  boolean shows() {
    return p() <= CHANCE_MAX;
  }

  private boolean separates() {
    boolean spoils = freshFailed == 0 && afterFailed == after;
    boolean cures = freshFailed == fresh && afterFailed == 0;
    return fresh > 0 && after > 0 && (spoils || cures);
  }

  /// It fails on a fresh copy only.
  boolean isCold() {
    return freshFailed > 0;
  }

  /// The probability of so clear a separation by chance: Fisher's exact test, where nothing overlaps.
  double p() {
    double p = 1;
    for (int i = 0; i < after; i++) {
      p *= (double) (after - i) / (after + fresh - i);
    }
    return separates() ? p : 1;
  }
}
