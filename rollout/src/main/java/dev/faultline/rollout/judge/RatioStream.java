package dev.faultline.rollout.judge;

/// Events that should not be more frequent with the candidate: faults, slow answers.
///
/// `counted` are the events that the test reads, each key once; `all` those that happened, among `requests`.
record RatioStream(String name, String what, double weight, Split counted, Split all, Split requests, double logEvidence) implements Stream {

  RatioStream(String name, String what, double weight, Split counted, Split all, Split requests) {
    this(name, what, weight, counted, all, requests, RatioTest.logEvidence(counted));
  }

  /// With the requests that were not concerned, each key once.
  static RatioStream of(String name, String what, double weight, Split counted, Split others, Split all, Split requests) {
    return new RatioStream(name, what, weight, counted, all, requests, RatioTest.logEvidence(counted, others));
  }

  @Override
  public StreamStanding standing(double alpha) {
    Interval interval = RatioTest.interval(counted, alpha);
    return new StreamStanding(name, Stream.evidence(logEvidence), RatioTest.estimate(counted), interval.low(), interval.high());
  }

  @Override
  public String sentence(double alpha) {
    return what + ": " + Words.counts(all, requests) + Words.keys(counted, all) + "; at least " + Words.times(RatioTest.interval(counted, alpha).low()) + " as often";
  }
}
