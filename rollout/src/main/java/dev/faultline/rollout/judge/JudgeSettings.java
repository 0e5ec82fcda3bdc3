package dev.faultline.rollout.judge;

import java.time.Duration;

/// How strict the judge of a canary is.
///
/// - `alpha`: the probability, at most, that a candidate as good as the baseline is ever failed, however often one looks.
/// - `alphaPass`: the probability, at most, that a harmful one is passed. Harmful is one whose rate of faults is above the baseline's both by the factor
///   `1 + allowedIncrease` and by what `requestsMin` requests without a fault can exclude (500: about 1 % of the requests).
/// - `requestsMin`: requests of the candidate, and `timeMin`: time since the start, before it may pass. `timeMax`: after which it is INCONCLUSIVE.
/// - `latencySlack`: how much slower a candidate may be, as a share of the baseline's latency; `sloMillis`: a latency that counts by itself, infinite for none.
/// - `shiftAllowed`: by how much the share of a label, or of scores below a baseline's decile, may move before that is harm.
public record JudgeSettings(
    double alpha,
    double alphaPass,
    double allowedIncrease,
    int requestsMin,
    Duration timeMin,
    Duration timeMax,
    double latencySlack,
    double sloMillis,
    double shiftAllowed) {

  public static final JudgeSettings DEFAULT =
      new JudgeSettings(.01, .05, .25, 500, Duration.ofMinutes(10), Duration.ofHours(2), .1, Double.POSITIVE_INFINITY, .15);

  public JudgeSettings {
    if (!(alpha > 0 && alpha < 1 && alphaPass > 0 && alphaPass < 1)) {
      throw new IllegalArgumentException("alpha " + alpha + ", alphaPass " + alphaPass + " (expected: between 0 and 1)");
    }
    if (!(allowedIncrease > 0 && latencySlack >= 0 && sloMillis > 0 && shiftAllowed > 0 && requestsMin > 0)) {
      throw new IllegalArgumentException("settings of the judge hold a number that is not positive: " + allowedIncrease + ", " + latencySlack + ", " + sloMillis + ", "
          + shiftAllowed + ", " + requestsMin);
    }
    if (timeMax.compareTo(timeMin) < 0) {
      throw new IllegalArgumentException("the longest time " + timeMax + " is less than the shortest, " + timeMin);
    }
  }

  public JudgeSettings withRequestsMin(int requests) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, requests, timeMin, timeMax, latencySlack, sloMillis, shiftAllowed);
  }

  public JudgeSettings withTimes(Duration shortest, Duration longest) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, requestsMin, shortest, longest, latencySlack, sloMillis, shiftAllowed);
  }

  public JudgeSettings withSloMillis(double millis) {
    return new JudgeSettings(alpha, alphaPass, allowedIncrease, requestsMin, timeMin, timeMax, latencySlack, millis, shiftAllowed);
  }
}
