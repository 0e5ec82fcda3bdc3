package dev.faultline.rollout.judge;

/// By how much more often one of two answers to the same request is concerned than the other: an e-process and a confidence sequence from pairs.
///
/// A pair is worth 1 when only the first is concerned, -1 when only the second is, 0 otherwise. A bet of a fixed part on a mean above the margin multiplies the wealth by
/// `1 + lambda (worth - margin)`: a supermartingale while the mean, given all that came before, is not above it (Waudby-Smith and Ramdas 2024, as in [ExcessTest]). Both answers meet the same
/// request, so that what the request does to both cancels out. With margin 0 and the answers exchangeable this is a sign test that may be read at any time. Parts are mixed.
final class PairedTest {
  private static final double[] PARTS = {.02, .05, .1, .2, .35, .5, .7, .85, .95, .995};
  private static final int BISECTIONS = 14;

  private PairedTest() {}

  /// Pairs by which of the two is concerned alone.
  record Pairs(long first, long neither, long second) {
    static final Pairs NONE = new Pairs(0, 0, 0);

    Pairs and(boolean isFirst, boolean isSecond) {
      return isFirst == isSecond ? new Pairs(first, neither + 1, second) : isFirst ? new Pairs(first + 1, neither, second) : new Pairs(first, neither, second + 1);
    }

    long total() {
      return first + neither + second;
    }

    /// By how much more often the first is concerned.
    double estimate() {
      return total() == 0 ? 0 : (double) (first - second) / total();
    }

    private Pairs swapped() {
      return new Pairs(second, neither, first);
    }
  }

  /// The logarithm of the evidence that the first is concerned more often by more than `margin`, from -1 to 1.
  static double logEvidenceAbove(Pairs pairs, double margin) {
    double[] wealth = new double[PARTS.length];
    for (int i = 0; i < wealth.length; i++) {
      double lambda = PARTS[i] / (1 + margin);
      wealth[i] = gain(pairs.first(), lambda * (1 - margin)) + gain(pairs.neither(), -lambda * margin) + gain(pairs.second(), -lambda * (1 + margin));
    }
    return LogSum.of(wealth) - Math.log(wealth.length);
  }

  /// The logarithm of the evidence that it is concerned more often by less than `margin`.
  static double logEvidenceBelow(Pairs pairs, double margin) {
    return logEvidenceAbove(pairs.swapped(), -margin);
  }

  /// That the shares differ by more than `margin`, whichever is the larger.
  static double logEvidenceApart(Pairs pairs, double margin) {
    return LogSum.of(logEvidenceAbove(pairs, margin), logEvidenceAbove(pairs.swapped(), margin)) - Math.log(2);
  }

  /// Whether that they differ by more than `margin` is excluded at the level `alpha`: on the one side and on the other.
  static boolean areNear(Pairs pairs, double margin, double alpha) {
    return Math.min(logEvidenceBelow(pairs, margin), logEvidenceBelow(pairs.swapped(), margin)) >= -Math.log(alpha);
  }

  /// Bounds of the difference of shares.
  static Interval interval(Pairs pairs, double alpha) {
    return new Interval(bound(pairs, alpha / 2), -bound(pairs.swapped(), alpha / 2));
  }

  private static double bound(Pairs pairs, double alpha) {
    double shown = -.999;
    double open = .999;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (shown + open) / 2;
      if (logEvidenceAbove(pairs, middle) >= -Math.log(alpha)) {
        shown = middle;
      } else {
        open = middle;
      }
    }
    return shown <= -.998 ? -1 : shown;
  }

  private static double gain(long count, double each) {
    return count == 0 ? 0 : count * Math.log1p(each);
  }
}
