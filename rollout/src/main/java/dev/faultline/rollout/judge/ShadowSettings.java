package dev.faultline.rollout.judge;

import java.time.Duration;

/// How strict the judge of a shadow is.
///
/// - `alpha`: the probability, at most, that a candidate within the limits is failed by statistics; `alphaPass`: that one beyond them is passed.
/// - `changesAllowed`: the share of answers that may say something else (another label or winner).
///   Scores that differ otherwise are reported and not judged request by request: retraining changes scores.
/// - `shiftAllowed`: by how much the share of answers with a label, or with a score at or below a decile of the baseline's, may move.
/// - `requestsMin`: mirrored requests before a PASS.
public record ShadowSettings(double alpha, double alphaPass, double changesAllowed, double shiftAllowed, int requestsMin, Duration timeMin, Duration timeMax) {

  public static final ShadowSettings DEFAULT = new ShadowSettings(.01, .05, .05, .15, 500, Duration.ofMinutes(10), Duration.ofHours(2));

  public ShadowSettings {
    if (!(alpha > 0 && alpha < 1 && alphaPass > 0 && alphaPass < 1 && changesAllowed > 0 && changesAllowed < 1 && shiftAllowed > 0 && shiftAllowed < 1 && requestsMin > 0)) {
      throw new IllegalArgumentException("settings of the shadow's judge: " + alpha + ", " + alphaPass + ", " + changesAllowed + ", " + shiftAllowed + " (expected: between 0 and 1), " + requestsMin);
    }
    if (timeMax.compareTo(timeMin) < 0) {
      throw new IllegalArgumentException("the longest time " + timeMax + " is less than the shortest, " + timeMin);
    }
  }

  public ShadowSettings withRequestsMin(int requests) {
    return new ShadowSettings(alpha, alphaPass, changesAllowed, shiftAllowed, requests, timeMin, timeMax);
  }

  public ShadowSettings withTimes(Duration shortest, Duration longest) {
    return new ShadowSettings(alpha, alphaPass, changesAllowed, shiftAllowed, requestsMin, shortest, longest);
  }
}
