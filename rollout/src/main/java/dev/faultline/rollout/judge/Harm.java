package dev.faultline.rollout.judge;

/// Whether harm is excluded: that the candidate fails more often than the baseline by more than is allowed.
///
/// Of the candidate every fault counts, of the baseline each key's first: the other way round from where a candidate is accused.
final class Harm {
  /// Fewer faults than this are too few to compare rates; then that there are so few is what counts.
  private static final int FEW = 10;

  private final JudgeSettings settings;
  private final Streams streams;
  private final Split events;

  Harm(JudgeSettings settings, Streams streams) {
    this.settings = settings;
    this.streams = streams;
    events = streams.faults().withBaselineOf(streams.faultsOnce());
  }

  /// Either test may err half as often as a PASS.
  boolean isExcluded() {
    double needed = -Math.log(settings.alphaPass() / 2);
    return (areFew() ? logEvidenceOfFew() : logEvidenceOfNoIncrease()) >= needed;
  }

  /// What is meant by harm.
  String sentence() {
    return areFew()
        ? "a rate of faults that is " + Words.percent(marginOfFew()) + " of the requests above the baseline's"
        : "an increase of faults by more than " + Words.percent(settings.allowedIncrease()) + " that concerns more than " + Words.percent(settings.allowedExcess()) + " of the requests";
  }

  String counts() {
    return Words.counts(streams.faults(), streams.requests());
  }

  private boolean areFew() {
    return events.candidate() + events.baseline() < FEW;
  }

  private double logEvidenceOfFew() {
    return ExcessTest.logEvidenceOfNoExcess(events, streams.requests(), marginOfFew());
  }

  private double marginOfFew() {
    return Math.max(settings.allowedExcess(), ExcessTest.marginFrom(settings.requestsMin(), settings.alphaPass() / 2));
  }

  private double logEvidenceOfNoIncrease() {
    double excess = ExcessTest.logEvidenceOfNoExcess(events, streams.requests(), settings.allowedExcess());
    double ratio = RatioTest.logEvidenceBelow(events, 1 + settings.allowedIncrease());
    return LogSum.of(excess, ratio) - Math.log(2);
  }
}
