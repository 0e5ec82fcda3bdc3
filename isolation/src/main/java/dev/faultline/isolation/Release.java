package dev.faultline.isolation;

/// The model version that failed, and between which versions the fault came in. `lastGood` and `firstBad` are empty when the fault does
/// not depend on the version or nothing is known; `posterior` is the probability of `firstBad`, NaN when there is none.
public record Release(String model, String version, String lastGood, String firstBad, double posterior) {

  public static Release of(String model, String version) {
    return new Release(model, version, "", "", Double.NaN);
  }

  public boolean isRegression() {
    return !firstBad.isEmpty() && !lastGood.isEmpty();
  }
}
