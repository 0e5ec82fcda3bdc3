package dev.faultline.isolation.rule;

/// What stands behind a learnt rule: how many values, in how many requests; and how many of the requests would have been refused by what the others
/// alone had taught (`alone`), one left out at a time.
public record Support(long values, int requests, int alone) {

  /// The share of requests to come that the rule may refuse although they are good: what leaving one out says, at the upper end of its 95 % interval.
  public double refusedAtMost() {
    return Chance.atMost(alone, requests);
  }
}
