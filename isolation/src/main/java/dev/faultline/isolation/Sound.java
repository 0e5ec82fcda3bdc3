package dev.faultline.isolation;

import dev.faultline.isolation.replay.Specimen;
import java.util.List;
import java.util.Optional;

/// What sound requests do on the suspect version: `good` pass there now, the one most like the failing request first; `failed` of `tried`
/// do not, and of those that were taken from other versions' traffic `sampledFailed` of `sampled`. `nearest` are all that could be tried.
record Sound(List<Specimen> good, int failed, int tried, int sampledFailed, int sampled, List<Specimen> nearest) {
  private static final int SAMPLED_MIN = 3;
  static final double MOST = 0.75;

  Sound {
    good = List.copyOf(good);
    nearest = List.copyOf(nearest);
  }

  Optional<Specimen> first() {
    return good.stream().findFirst();
  }

  boolean allFail() {
    return good.isEmpty() && failed > 0 && failed == tried;
  }

  /// Whether the version fails whatever is asked, or nearly so: a few may pass by chance.
  boolean mostFail() {
    return allFail() || (sampled >= SAMPLED_MIN && sampledFailed >= MOST * sampled);
  }
}
