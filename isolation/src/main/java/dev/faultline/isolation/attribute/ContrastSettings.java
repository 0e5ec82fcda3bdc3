package dev.faultline.isolation.attribute;

/// How attribution decides. [#STANDARD] is what the server uses.
///
/// `alphaSupported` and `alphaSuspected` bound the probability that a healthy group is accused at all, over all looks at it.
/// `permutations` is how often labels are shuffled; later looks, which may spend less, shuffle more often. `pairsMax` bounds the items
/// of which all pairs are looked at, `beam` the pairs that are extended to three terms, `orderMax` the terms of a conjunction,
/// `causesMax` the causes that are looked for one after the other, `explanationsMax` those that are returned.
public record ContrastSettings(
    double alphaSupported, double alphaSuspected, int permutations, int pairsMax, int beam, int orderMax, int causesMax, int explanationsMax) {

  public static final ContrastSettings STANDARD = new ContrastSettings(0.01, 0.05, 999, 300, 25, 3, 4, 3);

  public ContrastSettings {
    if (!(alphaSupported > 0 && alphaSupported <= alphaSuspected && alphaSuspected < 1)) {
      throw new IllegalArgumentException(
          "alphas " + alphaSupported + " and " + alphaSuspected + " (expected: 0 < alphaSupported <= alphaSuspected < 1)");
    }
    if (orderMax < 1 || orderMax > 3) {
      throw new IllegalArgumentException("orderMax " + orderMax + " (expected: 1 to 3)");
    }
  }
}
