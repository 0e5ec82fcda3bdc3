package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Condition;
import dev.faultline.isolation.finding.Confidence;
import java.util.List;

/// A conjunction of conditions under which requests fail more often than chance allows.
///
/// - `confidence` is SUPPORTED or SUSPECTED; what is weaker is not returned.
/// - `pAdjusted` is the probability, were labels random, that any conjunction looked at would separate as well.
/// - `coverage` is the share of the failing requests that meet the conditions.
/// - `score` is the log-likelihood ratio less the logarithm of how many conjunctions of that order there are.
/// - `ochiai` is given only because it is widely known.
/// - `examples` are ids of failing requests that meet the conditions.
/// - `equivalents` are conditions that hold for the same requests as one of `conditions`, so that the data cannot tell them apart.
public record Explanation(
    List<Condition> conditions,
    Confidence confidence,
    Counts counts,
    OddsRatio oddsRatio,
    double pAdjusted,
    double coverage,
    double score,
    double ochiai,
    List<String> examples,
    List<Condition> equivalents) {

  /// Requests by how they ended and whether they meet the conditions.
  public record Counts(int failingWith, int passingWith, int failingWithout, int passingWithout) {}

  /// How the odds of failing change when the conditions are met, with a 95 % interval. Sampling weights are taken into account.
  public record OddsRatio(double value, double low, double high) {}

  public Explanation {
    conditions = List.copyOf(conditions);
    examples = List.copyOf(examples);
    equivalents = List.copyOf(equivalents);
  }
}
