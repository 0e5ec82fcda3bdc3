package dev.faultline.isolation.bisect;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How probable each position is as the first bad one, given trials that may err.
///
/// The rates of failure on bad and on good versions are unknown. Each pair of a small grid is a hypothesis of its own, most of the weight
/// on "always" and "never" because most faults are deterministic, and is weighed by the same trials (a spike-and-slab prior in place of
/// Beta(1,1), under which a deterministic fault costs twice the trials). The position after the last stands for "none is bad".
final class ChangePosterior {
  private static final double[] BAD_RATES = {0.999, 0.95, 0.85, 0.7, 0.5, 0.35, 0.2, 0.1};
  private static final double[] GOOD_RATES = {0.001, 0.02, 0.05, 0.1, 0.2, 0.35};
  private static final double ALWAYS = 0.8;
  private static final double NEVER = 0.9;
  private static final double CONTRAST = 2;
  private static final double NONE_BAD = 0.05;

  private final int positions;
  private final List<Rates> grid = new ArrayList<>();
  private final double[][] logWeights;
  private final double[] posterior;

  /// How often a trial fails on a bad and on a good version.
  record Rates(double bad, double good, double prior) {}

  ChangePosterior(List<Double> prior) {
    positions = prior.size();
    for (int i = 0; i < BAD_RATES.length; i++) {
      for (int j = 0; j < GOOD_RATES.length; j++) {
        if (BAD_RATES[i] >= CONTRAST * GOOD_RATES[j]) {
          grid.add(new Rates(BAD_RATES[i], GOOD_RATES[j], share(i, BAD_RATES, ALWAYS) * share(j, GOOD_RATES, NEVER)));
        }
      }
    }
    logWeights = new double[grid.size()][positions + 1];
    posterior = new double[positions + 1];
    begin(prior);
  }

  private static double share(int index, double[] rates, double spike) {
    return index == 0 ? spike : (1 - spike) / (rates.length - 1);
  }

  private void begin(List<Double> prior) {
    double sum = prior.stream().mapToDouble(Double::doubleValue).sum();
    for (int hypothesis = 0; hypothesis < grid.size(); hypothesis++) {
      double weight = Math.log(grid.get(hypothesis).prior());
      for (int first = 0; first < positions; first++) {
        logWeights[hypothesis][first] = weight + Math.log((1 - NONE_BAD) * prior.get(first) / sum);
      }
      logWeights[hypothesis][positions] = weight + Math.log(NONE_BAD);
    }
    normalise();
  }

  void learn(int position, boolean failed) {
    for (int hypothesis = 0; hypothesis < grid.size(); hypothesis++) {
      Rates rates = grid.get(hypothesis);
      for (int first = 0; first <= positions; first++) {
        double rate = position >= first ? rates.bad() : rates.good();
        logWeights[hypothesis][first] += Math.log(failed ? rate : 1 - rate);
      }
    }
    normalise();
  }

  private void normalise() {
    double most = Double.NEGATIVE_INFINITY;
    for (double[] row : logWeights) {
      most = Math.max(most, Arrays.stream(row).max().orElse(most));
    }
    Arrays.fill(posterior, 0);
    for (double[] row : logWeights) {
      for (int first = 0; first <= positions; first++) {
        posterior[first] += Math.exp(row[first] - most);
      }
    }
    double sum = Arrays.stream(posterior).sum();
    for (int first = 0; first <= positions; first++) {
      posterior[first] /= sum;
    }
  }

  /// The probability that `position` is the first bad one.
  double of(int position) {
    return posterior[position];
  }

  double ofNone() {
    return posterior[positions];
  }

  /// The probability that the version at `position` is bad.
  double badAt(int position) {
    double sum = 0;
    for (int first = 0; first <= position; first++) {
      sum += posterior[first];
    }
    return sum;
  }

  int likeliest() {
    int best = 0;
    for (int first = 1; first < positions; first++) {
      best = posterior[first] > posterior[best] ? first : best;
    }
    return best;
  }

  /// The probability of a result at `position` that contradicts `firstBad`, by the rates that the trials suggest.
  double surprise(int position, int firstBad) {
    double sum = 0;
    double weights = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (double[] row : logWeights) {
      most = Math.max(most, row[firstBad]);
    }
    for (int hypothesis = 0; hypothesis < grid.size(); hypothesis++) {
      double weight = Math.exp(logWeights[hypothesis][firstBad] - most);
      Rates rates = grid.get(hypothesis);
      sum += weight * (position >= firstBad ? 1 - rates.bad() : rates.good());
      weights += weight;
    }
    return sum / weights;
  }

  List<Double> toList() {
    return Arrays.stream(posterior, 0, positions).boxed().toList();
  }
}
