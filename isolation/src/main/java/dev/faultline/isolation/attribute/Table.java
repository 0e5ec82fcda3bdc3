package dev.faultline.isolation.attribute;

import dev.faultline.isolation.attribute.Explanation.Counts;
import dev.faultline.isolation.attribute.Explanation.OddsRatio;
import java.util.List;

/// The two-by-two table of an explanation, with passing sightings also by weight.
record Table(Counts counts, double passingWithWeight, double passingWithoutWeight, double squaredWeights) {
  /// Of the normal distribution: 95 % lie within.
  private static final double Z = 1.959963984540054;

  static Table of(List<Sighting> sightings, Bits covered) {
    int[] cells = new int[4];
    double[] weights = new double[2];
    double squares = 0;
    for (int row = 0; row < sightings.size(); row++) {
      Sighting sighting = sightings.get(row);
      int without = covered.get(row) ? 0 : 1;
      cells[without * 2 + (sighting.isFailing() ? 0 : 1)]++;
      weights[without] += sighting.isFailing() ? 0 : sighting.weight();
      squares += sighting.isFailing() ? 0 : sighting.weight() * sighting.weight();
    }
    return new Table(new Counts(cells[0], cells[1], cells[2], cells[3]), weights[0], weights[1], squares);
  }

  /// Haldane and Anscombe's estimate, so that empty cells do not make it infinite, with Woolf's interval. Weights count as much as the
  /// sightings they were given to (Kish's effective sample size).
  OddsRatio oddsRatio() {
    double total = passingWithWeight + passingWithoutWeight;
    double scale = squaredWeights == 0 ? 0 : total / squaredWeights;
    double a = counts.failingWith() + 0.5;
    double b = passingWithWeight * scale + 0.5;
    double c = counts.failingWithout() + 0.5;
    double d = passingWithoutWeight * scale + 0.5;
    double ratio = a * d / (b * c);
    double width = Math.exp(Z * Math.sqrt(1 / a + 1 / b + 1 / c + 1 / d));
    return new OddsRatio(ratio, ratio / width, ratio * width);
  }

  double ochiai() {
    double failing = counts.failingWith() + counts.failingWithout();
    double with = counts.failingWith() + counts.passingWith();
    return failing * with == 0 ? 0 : counts.failingWith() / Math.sqrt(failing * with);
  }
}
