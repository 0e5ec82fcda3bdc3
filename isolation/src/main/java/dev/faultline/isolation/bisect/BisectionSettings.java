package dev.faultline.isolation.bisect;

/// How a bisection decides. [#STANDARD] is what the server uses.
///
/// It stops at `posterior`, or after `trialsMax` trials. `uniformShare` is how much of the prior is uniform, so that no prior, however
/// sure, can hide a version.
public record BisectionSettings(double posterior, int trialsMax, double uniformShare) {
  public static final BisectionSettings STANDARD = new BisectionSettings(0.99, 60, 0.5);

  public BisectionSettings {
    if (!(posterior > 0.5 && posterior < 1 && uniformShare > 0 && uniformShare <= 1)) {
      throw new IllegalArgumentException(
          "posterior " + posterior + ", uniformShare " + uniformShare + " (expected: above 0.5 and below 1, above 0 and at most 1)");
    }
  }
}
