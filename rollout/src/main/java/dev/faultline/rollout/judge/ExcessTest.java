package dev.faultline.rollout.judge;

import java.util.Arrays;

/// By how much of all requests the candidate is concerned more than the baseline: an e-process for a difference of shares.
///
/// A request that goes to the candidate with probability r is worth `(y - c) / r` there and `-(y - c) / (1 - r)` at the baseline, y being 1 when it is concerned: in the mean that is the
/// difference at that moment, whatever the traffic does (Horvitz and Thompson 1952). A bet on a mean above the margin, of a fixed part of what one can lose, multiplies
/// the wealth by `1 + lambda (worth - margin)`, which is a supermartingale while the difference is not above the margin (Waudby-Smith and Ramdas, "Estimating means of bounded
/// random variables by betting", 2024). Within one share the wealth depends on four counts only. Parts and constants c are mixed.
final class ExcessTest {
  private static final double[] PARTS = {.02, .06, .15, .3, .5, .75, .995};
  private static final double[] CENTRES = {0, .25, .5, .75, 1};
  private static final double BOLDEST = .4;
  private static final double MARGIN_MAX = .5;
  private static final int BISECTIONS = 14;

  private ExcessTest() {}

  /// What is to be shown: that the candidate is concerned more often, or less often.
  enum Direction {
    MORE(1),
    LESS(-1);

    private final int sign;

    Direction(int sign) {
      this.sign = sign;
    }
  }

  /// The logarithm of the evidence that the candidate's share of requests in `concerned` is above (or below) the baseline's by more than `margin`. A negative margin shows that it is at
  /// least not further off than that on the other side.
  static double logEvidence(Split concerned, Split all, double margin, Direction direction) {
    double[] wealth = new double[PARTS.length * CENTRES.length];
    for (int i = 0; i < wealth.length; i++) {
      wealth[i] = logWealth(concerned, all, new Bet(PARTS[i % PARTS.length], CENTRES[i / PARTS.length], margin, direction.sign));
    }
    return LogSum.of(wealth) - Math.log(wealth.length);
  }

  /// That harm is excluded: as above, with bets that are best when there is next to no fault, which is when the figure matters.
  static double logEvidenceOfNoExcess(Split faults, Split all, double margin) {
    double[] wealth = new double[PARTS.length];
    for (int i = 0; i < wealth.length; i++) {
      wealth[i] = Math.log(boldness(i)) + logWealth(faults, all, new Bet(PARTS[i], 0, -margin, Direction.LESS.sign));
    }
    return LogSum.of(wealth);
  }

  /// The margin that `requests` of the candidate without any fault exclude, at the level alpha.
  static double marginFrom(int requests, double alpha) {
    return Math.min(MARGIN_MAX, -Math.log(alpha * boldness(PARTS.length - 1)) / (PARTS[PARTS.length - 1] * requests));
  }

  private static double boldness(int part) {
    return part == PARTS.length - 1 ? BOLDEST : (1 - BOLDEST) / (PARTS.length - 1);
  }

  /// Bounds of the difference of shares.
  static Interval interval(Split concerned, Split all, double alpha) {
    return new Interval(bound(concerned, all, alpha / 2, Direction.MORE), -bound(concerned, all, alpha / 2, Direction.LESS));
  }

  private static double bound(Split concerned, Split all, double alpha, Direction direction) {
    double shown = -1;
    double open = 1;
    for (int i = 0; i < BISECTIONS; i++) {
      double middle = (shown + open) / 2;
      if (logEvidence(concerned, all, middle, direction) >= -Math.log(alpha)) {
        shown = middle;
      } else {
        open = middle;
      }
    }
    return shown;
  }

  /// The difference of shares, in the mean over the requests.
  static double estimate(Split concerned, Split all) {
    double sum = 0;
    double weight = 0;
    for (int cell = 0; cell < all.cells(); cell++) {
      long both = all.candidate(cell) * all.baseline(cell) == 0 ? 0 : all.candidate(cell) + all.baseline(cell);
      weight += both;
      sum += both == 0 ? 0 : both * ((double) concerned.candidate(cell) / all.candidate(cell) - (double) concerned.baseline(cell) / all.baseline(cell));
    }
    return weight == 0 ? 0 : sum / weight;
  }

  private static double logWealth(Split concerned, Split all, Bet bet) {
    double sum = 0;
    for (int cell = 0; cell < all.cells(); cell++) {
      // at 0 and 1 there is nothing to compare with
      if (all.share(cell) > 0 && all.share(cell) < 1) {
        sum += bet.logWealth(all.share(cell), counts(concerned, all, cell));
      }
    }
    return sum;
  }

  /// Candidate concerned and not, baseline concerned and not. A key that is counted once among the concerned may count more often among all.
  private static long[] counts(Split concerned, Split all, int cell) {
    long candidate = concerned.candidate(cell);
    long baseline = concerned.baseline(cell);
    return new long[] {candidate, Math.max(0, all.candidate(cell) - candidate), baseline, Math.max(0, all.baseline(cell) - baseline)};
  }

  /// One way to bet.
  private record Bet(double part, double centre, double margin, int sign) {
    double logWealth(double share, long[] counts) {
      double[] worth = {
        sign * (1 - centre) / share - margin,
        sign * -centre / share - margin,
        sign * -(1 - centre) / (1 - share) - margin,
        sign * centre / (1 - share) - margin
      };
      double worst = Arrays.stream(worth).min().orElseThrow();
      return worst >= 0 ? 0 : logWealth(counts, worth, -part / worst);
    }

    private static double logWealth(long[] counts, double[] worth, double lambda) {
      double sum = 0;
      for (int i = 0; i < counts.length; i++) {
        sum += counts[i] == 0 ? 0 : counts[i] * Math.log1p(lambda * worth[i]);
      }
      return sum;
    }
  }
}
