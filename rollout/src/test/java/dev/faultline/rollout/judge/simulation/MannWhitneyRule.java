package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Arm;
import dev.faultline.rollout.judge.Observation;
import dev.faultline.rollout.judge.Verdict;
import java.util.Arrays;
import java.util.List;

/// The rule of Kayenta's judge as its documentation and users describe it: one number a minute and arm, a Mann-Whitney test at confidence .98 on each metric; a metric is
/// high when the confidence interval of the shift (Hodges and Lehmann) lies above a quarter of the estimated shift. Looked at every five minutes from the tenth on.
final class MannWhitneyRule implements Rule {
  private static final double QUANTILE = 2.3263;
  private static final double TOLERANCE = .25;

  private final Minutes baseline = new Minutes(Arm.BASELINE);
  private final Minutes candidate = new Minutes(Arm.CANDIDATE);

  @Override
  public String name() {
    return "Kayenta's rule";
  }

  @Override
  public Verdict minute(List<Observation> requests, int minute, boolean isStage) {
    baseline.add(requests);
    candidate.add(requests);
    boolean isLook = minute + 1 >= 10 && (minute + 1) % 5 == 0;
    boolean isHigh = isLook && (isHigh(candidate.errorRates(), baseline.errorRates()) || isHigh(candidate.latencies(), baseline.latencies()));
    return isHigh ? Verdict.FAIL : Verdict.INCONCLUSIVE;
  }

  static boolean isHigh(List<Double> candidate, List<Double> baseline) {
    int pairs = candidate.size() * baseline.size();
    if (pairs == 0) {
      return false;
    }
    double[] shifts = candidate.stream().flatMapToDouble(one -> baseline.stream().mapToDouble(other -> one - other)).sorted().toArray();
    double deviation = Math.sqrt(pairs * (candidate.size() + baseline.size() + 1.0) / 12);
    int rank = (int) Math.round(pairs / 2.0 - QUANTILE * deviation);
    double low = rank < 1 ? Double.NEGATIVE_INFINITY : shifts[rank - 1];
    double estimate = Arrays.stream(shifts, (pairs - 1) / 2, pairs / 2 + 1).average().orElseThrow();
    return low > TOLERANCE * Math.abs(estimate);
  }

  @Override
  public Verdict end() {
    return Verdict.PASS;
  }
}
