package dev.faultline.isolation.attribute;

import java.util.List;
import java.util.random.RandomGenerator;

/// Finds what distinguishes the failing from the passing requests of one group.
public final class Contrast {
  /// Sightings that are looked at; of more, all failing ones come first and the rest is thinned evenly.
  public static final int SIGHTINGS_MAX = 20_000;

  private final ContrastSettings settings;
  private final RandomGenerator random;

  public Contrast(ContrastSettings settings, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
  }

  /// Looks for the first and only time.
  public Attribution explain(List<Sighting> sightings) {
    return explain(sightings, 1);
  }

  /// Looks for the `look`-th time (from 1) at a group that grows, such as at 10, 20, 40, ... failing requests.
  public Attribution explain(List<Sighting> sightings, int look) {
    int failing = (int) sightings.stream().filter(Sighting::isFailing).count();
    return new Attribution(List.of(), List.of(), failing, sightings.size() - failing, 0, 0);
  }

  ContrastSettings settings() {
    return settings;
  }

  RandomGenerator random() {
    return random;
  }
}
