package dev.faultline.rollout.judge;

import java.util.List;

/// Requests of one kind, split by share of traffic and by arm: what the tests read.
final class Split {
  private final double[] shares;
  private final long[] baseline;
  private final long[] candidate;

  private Split(double[] shares, long[] baseline, long[] candidate) {
    this.shares = shares;
    this.baseline = baseline;
    this.candidate = candidate;
  }

  static Split none(List<Double> shares) {
    return new Split(shares.stream().mapToDouble(Double::doubleValue).toArray(), new long[shares.size()], new long[shares.size()]);
  }

  static Split of(List<Double> shares, JudgeState.Tally tally) {
    Split split = none(shares);
    for (int i = 0; i < shares.size(); i++) {
      split.baseline[i] = tally.counts().get(2 * i);
      split.candidate[i] = tally.counts().get(2 * i + 1);
    }
    return split;
  }

  /// Both together; of the same shares.
  Split plus(Split other) {
    var sum = new Split(shares, baseline.clone(), candidate.clone());
    for (int i = 0; i < shares.length; i++) {
      sum.baseline[i] += other.baseline[i];
      sum.candidate[i] += other.candidate[i];
    }
    return sum;
  }

  /// What is left of this one.
  Split minus(Split other) {
    var rest = new Split(shares, baseline.clone(), candidate.clone());
    for (int i = 0; i < shares.length; i++) {
      rest.baseline[i] -= other.baseline[i];
      rest.candidate[i] -= other.candidate[i];
    }
    return rest;
  }

  /// This one's candidate beside another's baseline.
  Split withBaselineOf(Split other) {
    return new Split(shares, other.baseline, candidate);
  }

  int cells() {
    return shares.length;
  }

  double share(int cell) {
    return shares[cell];
  }

  long baseline(int cell) {
    return baseline[cell];
  }

  long candidate(int cell) {
    return candidate[cell];
  }

  long baseline() {
    return sum(baseline);
  }

  long candidate() {
    return sum(candidate);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }
}
