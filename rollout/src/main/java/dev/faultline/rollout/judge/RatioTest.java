package dev.faultline.rollout.judge;

import java.util.Arrays;

/// How many times as often the candidate is concerned by an event as the baseline: an e-process and a confidence sequence from the events alone.
///
/// A request goes to the candidate with probability r, known beforehand and drawn by us. If the event is `d` times as likely there, then of the events a share
/// `theta = r d / (r d + 1 - r)` is the candidate's: of each event we know what a coin should have shown. That holds at any rate of events, at any time of day, in outages and ramps,
/// for the events may come as they like: only whose they are is chance, and that we draw. The product of likelihood ratios against d = 1 is a
/// martingale there and a supermartingale for any d < 1 (each alternative has d > 1), so that by Ville's inequality it passes 1 / alpha with probability alpha at most, at any look.
///
/// Alternatives are mixed over a grid. At each new share a tenth of the wealth is spread anew over the grid (fixed share, Herbster and Warmuth 1998), so that a fault which
/// begins with the traffic of a later step is not outweighed by the quiet before it. Wald 1945; Robbins 1970; Ramdas et al., "Game-theoretic statistics and safe
/// anytime-valid inference", 2023.
final class RatioTest {
  static final double RATIO_MAX = 1_000;

  private static final double STEP = .125;
  private static final int SIDE = (int) Math.ceil(Math.log(RATIO_MAX) / STEP);
  /// Logarithms of the ratios that are considered, around 0.
  private static final double[] LOG_RATIOS = grid();
  /// Most regressions are of factors from 1.5 to 10; at small shares only a large one can be seen.
  private static final double[] WORSE = prior(1.05, RATIO_MAX, 1.2);
  private static final double[] EITHER = prior(1 / RATIO_MAX, RATIO_MAX, 1.2);
  private static final double SPREAD = .1;
  /// Rates of events, in pairs of which the candidate has the larger, and how much is bet on such pairs.
  private static final double[] RATES = {.002, .01, .03, .08, .15, .25, .35, .5, .65, .8, .9, .97, .995};
  private static final double FREQUENT = .25;
  private static final double FREQUENT_FROM = .05;

  private RatioTest() {}

  /// The logarithm of the evidence that the candidate is concerned more often, from the events and from what was not concerned, of which the candidate has then less. The
  /// latter says next to nothing where events are rare, and doubles the evidence where they are not.
  static double logEvidence(Split events, Split others) {
    double frequent = isFrequent(events, others) ? logEvidenceOfFrequent(events, others) : Double.NEGATIVE_INFINITY;
    return LogSum.of(logEvidence(events) + Math.log(1 - FREQUENT), frequent + Math.log(FREQUENT));
  }

  /// Whether the candidate's events are frequent, and more frequent than the baseline's. Otherwise only that requests of the candidate are missing could be evidence, and those may be
  /// missing for other reasons. To leave evidence out keeps the test valid.
  private static boolean isFrequent(Split events, Split others) {
    double candidate = (double) events.candidate() / Math.max(1, events.candidate() + others.candidate());
    double baseline = (double) events.baseline() / Math.max(1, events.baseline() + others.baseline());
    return candidate > FREQUENT_FROM && candidate > baseline;
  }

  private static double logEvidenceOfFrequent(Split events, Split others) {
    double[] wealth = new double[RATES.length * RATES.length];
    Arrays.fill(wealth, Double.NEGATIVE_INFINITY);
    int pairs = 0;
    for (int baseline = 0; baseline < RATES.length; baseline++) {
      for (int candidate = baseline + 1; candidate < RATES.length; candidate++) {
        double more = Math.log(RATES[candidate] / RATES[baseline]);
        double less = Math.log((1 - RATES[candidate]) / (1 - RATES[baseline]));
        wealth[pairs++] = logLikelihood(events, more, 0) + logLikelihood(others, less, 0);
      }
    }
    return LogSum.of(wealth) - Math.log(pairs);
  }

  /// The logarithm of the evidence that the candidate is concerned more often, from the events alone.
  static double logEvidence(Split events) {
    double[] wealth = WORSE.clone();
    for (int cell = 0; cell < events.cells(); cell++) {
      if (cell > 0) {
        spread(wealth);
      }
      add(wealth, events, cell, 0);
    }
    return LogSum.of(wealth);
  }

  /// The logarithm of the evidence that it is concerned less than `ratio` times as often.
  static double logEvidenceBelow(Split events, double ratio) {
    double[] wealth = prior(1 / RATIO_MAX, ratio * .99, 1.2);
    for (int cell = 0; cell < events.cells(); cell++) {
      add(wealth, events, cell, Math.log(ratio));
    }
    return LogSum.of(wealth);
  }

  /// Ratios that have not been refuted: a confidence sequence of level `1 - alpha`.
  static Interval interval(Split events, double alpha) {
    double[] likelihoods = likelihoods(events);
    double[] mixed = likelihoods.clone();
    for (int i = 0; i < mixed.length; i++) {
      mixed[i] += EITHER[i];
    }
    double needed = LogSum.of(mixed) + Math.log(alpha);
    return new Interval(edge(likelihoods, needed, 1), edge(likelihoods, needed, -1));
  }

  /// The likeliest ratio of the grid; 1 without events.
  static double estimate(Split events) {
    double[] likelihoods = likelihoods(events);
    int best = SIDE;
    for (int i = 0; i < likelihoods.length; i++) {
      best = likelihoods[i] > likelihoods[best] ? i : best;
    }
    return Math.exp(LOG_RATIOS[best]);
  }

  /// From one end inwards to the first ratio that is likely enough, between two points of the grid by straight line; 0 or infinite when it is the end itself.
  private static double edge(double[] likelihoods, double needed, int direction) {
    int at = direction > 0 ? 0 : likelihoods.length - 1;
    if (likelihoods[at] >= needed) {
      return direction > 0 ? 0 : Double.POSITIVE_INFINITY;
    }
    while (likelihoods[at + direction] < needed) {
      at += direction;
    }
    double part = (needed - likelihoods[at]) / (likelihoods[at + direction] - likelihoods[at]);
    return Math.exp(LOG_RATIOS[at] + part * (LOG_RATIOS[at + direction] - LOG_RATIOS[at]));
  }

  private static double[] likelihoods(Split events) {
    double[] sums = new double[LOG_RATIOS.length];
    for (int cell = 0; cell < events.cells(); cell++) {
      add(sums, events, cell, 0);
    }
    return sums;
  }

  /// Adds a cell's log-likelihood ratio against the ratio `exp(logNull)` for each alternative that has any weight.
  private static void add(double[] sums, Split events, int cell, double logNull) {
    double share = events.share(cell);
    long candidate = events.candidate(cell);
    long baseline = events.baseline(cell);
    if (share <= 0 || share >= 1 || candidate + baseline == 0) {
      return;
    }
    for (int i = 0; i < sums.length; i++) {
      sums[i] += logLikelihood(share, candidate, baseline, LOG_RATIOS[i], logNull);
    }
  }

  /// Against the ratio `exp(logNull)`, over all cells.
  private static double logLikelihood(Split events, double logRatio, double logNull) {
    double sum = 0;
    for (int cell = 0; cell < events.cells(); cell++) {
      double share = events.share(cell);
      sum += share <= 0 || share >= 1 ? 0 : logLikelihood(share, events.candidate(cell), events.baseline(cell), logRatio, logNull);
    }
    return sum;
  }

  private static double logLikelihood(double share, long candidate, long baseline, double logRatio, double logNull) {
    return candidate * (logRatio - logNull) - (candidate + baseline) * (logNorm(share, logRatio) - logNorm(share, logNull));
  }

  private static double logNorm(double share, double logRatio) {
    return Math.log(share * Math.exp(logRatio) + 1 - share);
  }

  private static void spread(double[] wealth) {
    double total = LogSum.of(wealth);
    for (int i = 0; i < wealth.length; i++) {
      wealth[i] = LogSum.of(wealth[i] + Math.log(1 - SPREAD), WORSE[i] + total + Math.log(SPREAD));
    }
  }

  private static double[] grid() {
    double[] grid = new double[2 * SIDE + 1];
    Arrays.setAll(grid, i -> (i - SIDE) * STEP);
    return grid;
  }

  /// Logarithms of weights that sum to 1, falling with the distance from no change.
  private static double[] prior(double least, double most, double width) {
    double[] weights = new double[LOG_RATIOS.length];
    for (int i = 0; i < weights.length; i++) {
      boolean inside = LOG_RATIOS[i] >= Math.log(least) && LOG_RATIOS[i] <= Math.log(most) + 1e-9;
      weights[i] = inside ? -Math.abs(LOG_RATIOS[i]) / width : Double.NEGATIVE_INFINITY;
    }
    double sum = LogSum.of(weights);
    return Arrays.stream(weights).map(weight -> weight - sum).toArray();
  }
}
