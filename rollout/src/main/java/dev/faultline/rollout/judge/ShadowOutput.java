package dev.faultline.rollout.judge;

import dev.faultline.compare.Comparison;
import dev.faultline.compare.Difference;
import dev.faultline.rollout.judge.PairedTest.Pairs;

/// What was counted of one output of a shadow: how far the candidate's answers lie from the baseline's, and how far the baseline's from each other.
final class ShadowOutput {
  private final String name;
  private long different;
  private double maxAbsError;
  private long further;
  private long nearer;
  private long noisy;
  private long otherwise;
  private long otherwiseAgain;

  ShadowOutput(String name) {
    this.name = name;
  }

  static ShadowOutput of(ShadowState.Output state) {
    var output = new ShadowOutput(state.name());
    output.different = state.different();
    output.maxAbsError = state.maxAbsError();
    output.further = state.further();
    output.nearer = state.nearer();
    output.noisy = state.noisy();
    output.otherwise = state.otherwise();
    output.otherwiseAgain = state.otherwiseAgain();
    return output;
  }

  ShadowState.Output state() {
    return new ShadowState.Output(name, different, maxAbsError, further, nearer, noisy, otherwise, otherwiseAgain);
  }

  ShadowStanding.Output standing() {
    return new ShadowStanding.Output(name, different, maxAbsError);
  }

  /// An answer beyond tolerance.
  void differs(Comparison candidate) {
    double error = distance(candidate);
    different++;
    maxAbsError = Double.isFinite(error) && hasNumbers(candidate) ? Math.max(maxAbsError, error) : maxAbsError;
  }

  /// Whether the candidate alone says something else here, or the baseline's second answer alone does.
  void says(boolean isOtherwise, boolean isNoise) {
    otherwise += isOtherwise && !isNoise ? 1 : 0;
    otherwiseAgain += isNoise && !isOtherwise ? 1 : 0;
  }

  /// The same as pairs, of so many requests.
  Pairs changes(long total) {
    return new Pairs(otherwise, Math.max(0, total - otherwise - otherwiseAgain), otherwiseAgain);
  }

  String name() {
    return name;
  }

  /// Whether a comparison says something else in this output.
  boolean saysOtherwise(Comparison comparison) {
    return comparison.differences().stream().anyMatch(each -> each.output().equals(name) && each.saysOtherwise());
  }

  /// The candidate's answer and the baseline's second one, each compared with the baseline's first to the last bit.
  void triple(Comparison candidate, Comparison noise) {
    double ofCandidate = distance(candidate);
    double ofNoise = distance(noise);
    further += ofCandidate > ofNoise ? 1 : 0;
    nearer += ofCandidate < ofNoise ? 1 : 0;
    noisy += ofNoise > 0 ? 1 : 0;
  }

  /// Whether the baseline differs from itself in it; otherwise every difference is one beyond the noise.
  boolean isNoisy() {
    return noisy > 0;
  }

  double logEvidence() {
    return SignTest.logEvidence(further, nearer);
  }

  StreamStanding standing(long triples, double alpha) {
    var pairs = new Pairs(further, Math.max(0, triples - further - nearer), nearer);
    Interval interval = PairedTest.interval(pairs, alpha);
    return new StreamStanding("noise:" + name, Stream.evidence(logEvidence()), pairs.estimate(), interval.low(), interval.high());
  }

  String sentence() {
    return "output '" + name + "' differs by more than the baseline differs from itself: further off on " + Words.number(further) + " requests, nearer on " + Words.number(nearer);
  }

  private double distance(Comparison comparison) {
    return comparison.differences().stream().filter(each -> each.output().equals(name)).mapToDouble(ShadowOutput::distance).max().orElse(0);
  }

  private boolean hasNumbers(Comparison comparison) {
    return comparison.differences().stream().anyMatch(each -> each.output().equals(name) && each instanceof Difference.OtherNumbers);
  }

  /// How far off: the largest difference of numbers, how many labels are others; the order of scores is in the scores.
  private static double distance(Difference difference) {
    return switch (difference) {
      case Difference.OtherNumbers numbers -> numbers.absolute();
      case Difference.OtherLabels labels -> labels.count();
      case Difference.OtherRanks _ -> 0;
      case Difference.Missing _, Difference.Extra _, Difference.OtherType _, Difference.OtherShape _ -> Double.POSITIVE_INFINITY;
    };
  }
}
