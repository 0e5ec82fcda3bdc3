package dev.faultline.rollout.judge;

/// What the evidence says about a candidate. `INCONCLUSIVE` is neither: not yet, or not within the time there was. It is never taken for success.
public enum Verdict {
  PASS,
  FAIL,
  INCONCLUSIVE
}
