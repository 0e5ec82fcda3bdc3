package dev.faultline.isolation.bisect;

import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// What a bisection found in an ordered list of versions.
///
/// `lastGood` and `firstBad` are positions, neighbours of each other but for those between them that could not be tried; -1 where there
/// is none. `posterior` is the probability that the first bad one is after `lastGood` and `firstBad` at the latest, given the trials;
/// `posteriors` is for each position that it is the first bad one.
public record Bisected(State state, int lastGood, int firstBad, double posterior, List<Double> posteriors, int trials) {

  /// How the bisection ended.
  public enum State {
    /// The first bad version is known with the asked posterior.
    FOUND,
    /// The budget was spent before that; the likeliest is given.
    LIKELY,
    /// The last version does not fail.
    NOT_REPRODUCED,
    /// Every version that was tried fails: the input is to blame, or it never worked.
    ALWAYS_BAD,
    /// Versions turn bad, good and bad again; `firstBad` starts the latest bad stretch as far as trials tell.
    NOT_MONOTONE,
    /// Too few trials gave an answer.
    UNDECIDED
  }

  public Bisected {
    posteriors = Collections.unmodifiableList(List.copyOf(posteriors));
  }

  /// The position of the first bad version, where one is claimed or likely.
  public Optional<Integer> findFirstBad() {
    return firstBad < 0 ? Optional.empty() : Optional.of(firstBad);
  }
}
