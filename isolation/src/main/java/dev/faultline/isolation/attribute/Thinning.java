package dev.faultline.isolation.attribute;

import java.util.ArrayList;
import java.util.List;

/// As many sightings as can be looked at: evenly spaced ones where there are more, so that no time is preferred.
final class Thinning {
  private Thinning() {}

  static List<Sighting> of(List<Sighting> all, int failingMax, int totalMax) {
    List<Sighting> failing = spaced(all.stream().filter(Sighting::isFailing).toList(), failingMax);
    List<Sighting> passing = spaced(all.stream().filter(sighting -> !sighting.isFailing()).toList(), totalMax - failing.size());
    var kept = new ArrayList<>(failing);
    kept.addAll(passing);
    return kept;
  }

  private static List<Sighting> spaced(List<Sighting> some, int max) {
    if (some.size() <= max) {
      return some;
    }
    var kept = new ArrayList<Sighting>(max);
    for (long i = 0; i < max; i++) {
      kept.add(some.get((int) (i * some.size() / max)));
    }
    return kept;
  }
}
