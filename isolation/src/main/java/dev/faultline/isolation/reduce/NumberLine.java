package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Reading;
import java.util.List;
import java.util.Optional;

/// The values of one numeric type as a search sees them: ordered, with a middle, and with values at which things tend to break.
interface NumberLine<N extends Comparable<N>> {

  /// A value strictly between, or `low` when the two are as near as they need to be.
  N middle(N low, N high);

  /// The neighbour in the direction of `towards`; the value itself at the end of the line.
  N beside(N value, N towards);

  /// The least and the greatest value.
  N end(Direction direction);

  /// Where types end, signs change and units differ, strictly between the two, ascending. None where plain bisection is quicker.
  List<N> landmarks(N low, N high);

  /// Whether no value strictly between the two is as likely to be where somebody, or nature, drew a line as `value` is.
  default boolean isLikelier(N value, N other) {
    return false;
  }

  /// The value at which signs change, where it lies strictly between the two.
  default Optional<N> origin(N low, N high) {
    return Optional.empty();
  }

  Reading reading(N value);

  /// Upwards or downwards along the line.
  enum Direction {
    UP,
    DOWN
  }
}
