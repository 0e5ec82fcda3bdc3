package dev.faultline.rollout.judge;

import java.time.Duration;

/// How strict the judge of a canary is.
///
/// - `alpha`: the probability, at most, that a candidate as good as the baseline is ever failed, however often one looks.
/// - `alphaPass`: the probability, at most, that a harmful one is passed. Harmful is one that fails more often than the baseline, both by the factor
///   `1 + allowedIncrease` and by more than `allowedExcess` of all requests. While there are hardly any faults at all, harmful is what `requestsMin` requests without a
///   fault exclude (500: a rate of .9 %), so that a version without faults passes with the smallest sample.
/// - `requestsMin`: requests of the candidate, and `timeMin`: time since the start, before it may pass. `timeMax`: after which it is INCONCLUSIVE.
/// - `latencySlack`: how much slower a candidate may be, as a share of the baseline's latency; `sloMillis`: a latency that counts by itself, infinite for none.
/// - `shiftAllowed`: by how much the share of a label, or of scores below a baseline's decile, may move before that is harm.
public record JudgeSettings(
    double alpha,
    double alphaPass,
    double allowedIncrease,
    double allowedExcess,
    int requestsMin,
    Duration timeMin,
    Duration timeMax,
    double latencySlack,
    double sloMillis,
    double shiftAllowed) {

  public static final JudgeSettings DEFAULT =
      new JudgeSettings(.01, .05, .25, .005, 500, Duration.ofMinutes(10), Duration.ofHours(2), .1, Double.POSITIVE_INFINITY, .15);

  public JudgeSettings {
    if (!(alpha > 0 && alpha < 1 && alphaPass > 0 && alphaPass < 1)) {
      throw new IllegalArgumentException("alpha " + alpha + ", alphaPass " + alphaPass + " (expected: between 0 and 1)");
    }
    if (!(allowedIncrease > 0 && allowedExcess > 0 && latencySlack >= 0 && sloMillis > 0 && shiftAllowed > 0 && requestsMin > 0)) {
      throw new IllegalArgumentException("settings of the judge hold a number that is not positive: " + allowedIncrease + ", " + allowedExcess + ", " + latencySlack + ", " + sloMillis + ", "
          + shiftAllowed + ", " + requestsMin);
    }
    if (timeMax.compareTo(timeMin) < 0) {
      throw new IllegalArgumentException("the longest time " + timeMax + " is less than the shortest, " + timeMin);
    }
  }

  public JudgeSettings withRequestsMin(int requests) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, allowedExcess, requests, timeMin, timeMax, latencySlack, sloMillis, shiftAllowed);
  }

  public JudgeSettings withTimes(Duration shortest, Duration longest) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, allowedExcess, requestsMin, shortest, longest, latencySlack, sloMillis, shiftAllowed);
  }

  public JudgeSettings withAllowed(double increase, double excess) {
    return new JudgeSettings(alpha, alphaPass, increase, excess, requestsMin, timeMin, timeMax, latencySlack, sloMillis, shiftAllowed);
  }

  public JudgeSettings withSloMillis(double millis) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, allowedExcess, requestsMin, timeMin, timeMax, latencySlack, millis, shiftAllowed);
  }
}
