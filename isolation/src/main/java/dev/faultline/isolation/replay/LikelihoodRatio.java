package dev.faultline.isolation.replay;

/// Where a sequential probability ratio test stands.
enum LikelihoodRatio {
  /// The higher rate of failure is accepted.
  HIGH,
  /// The lower one is.
  LOW,
  OPEN;

  private static final double ERROR = 0.02;
  private static final double BOUND = Math.log((1 - ERROR) / ERROR);
  private static final double DETERMINISTIC_RATE = 0.98;
  private static final double FLAKY_RATE = 0.5;

  static LikelihoodRatio ofDeterminism(int failures, int passes) {
    return of(failures, passes, DETERMINISTIC_RATE, FLAKY_RATE);
  }

  static LikelihoodRatio of(int failures, int passes, double highRate, double lowRate) {
    double log = failures * Math.log(highRate / lowRate) + passes * Math.log((1 - highRate) / (1 - lowRate));
    if (log >= BOUND) {
      return HIGH;
    }
    return log <= -BOUND ? LOW : OPEN;
  }
}
