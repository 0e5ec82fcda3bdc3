package dev.faultline.server.replay;

import java.util.Locale;

/// What became of one kept request that was run again, the most telling first. A request that was served with a suspicion counts as failing.
/// The labels are those of the admin API.
public enum ReplayStatus {
  /// It was served, and now fails.
  NEWLY_FAILING,
  /// It was served and is served, with other outputs.
  CHANGED,
  /// It fails on the other version too, or fails in another way.
  STILL_FAILING,
  /// It fails again on the version it met, with the same code.
  REPRODUCED,
  /// Nothing can be said; why is.
  UNRESOLVED,
  /// It failed, and does not now on the version it met.
  NOT_REPRODUCED,
  /// It failed, and does not on the other version.
  FIXED,
  /// It was served and is served, with the same outputs within tolerance.
  UNCHANGED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
