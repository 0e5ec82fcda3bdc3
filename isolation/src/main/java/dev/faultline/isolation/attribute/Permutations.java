package dev.faultline.isolation.attribute;

import java.util.random.RandomGenerator;

/// How often shuffled labels separate as well as the real ones: Westfall and Young's max-T, which corrects for everything that was
/// looked at, with correlations as they are.
///
/// Stops early when the answer is clear: after [#EXCEEDANCES_MAX] shuffles that do as well (Besag and Clifford, 1991).
final class Permutations {
  static final int EXCEEDANCES_MAX = 10;
  /// Later looks may spend less and must shuffle more often, up to this.
  static final int SHUFFLES_MAX = 9_999;

  private final Labels labels;
  private final Marked marked;
  private final RandomGenerator random;

  Permutations(Labels labels, Marked marked, RandomGenerator random) {
    this.labels = labels;
    this.marked = marked;
    this.random = random;
  }

  double p(Conjunctions.Reach reach, int shuffles) {
    int exceedances = 0;
    for (int shuffle = 1; shuffle <= shuffles; shuffle++) {
      marked.mark(labels.shuffled(random));
      exceedances += reach.isReached(marked) ? 1 : 0;
      if (exceedances == EXCEEDANCES_MAX) {
        return (double) exceedances / shuffle;
      }
    }
    return (1.0 + exceedances) / (1 + shuffles);
  }
}
