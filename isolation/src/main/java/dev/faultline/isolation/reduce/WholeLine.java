package dev.faultline.isolation.reduce;

import dev.faultline.isolation.finding.Reading;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/// The integers from `least` to `greatest`.
record WholeLine(long least, long greatest) implements NumberLine<Long> {
  private static final NavigableSet<Long> LANDMARKS = powers();
  private static final long WIDE = 4096;

  @Override
  public Long middle(Long low, Long high) {
    return (low & high) + ((low ^ high) >> 1);
  }

  @Override
  public Long beside(Long value, Long towards) {
    return value + Long.signum(Long.compare(towards, value));
  }

  @Override
  public Long end(Direction direction) {
    return direction == Direction.UP ? greatest : least;
  }

  @Override
  public List<Long> landmarks(Long low, Long high) {
    boolean wide = high - low > WIDE || high - low < 0;
    return wide ? List.copyOf(LANDMARKS.subSet(low, false, high, false)) : List.of();
  }

  @Override
  public Reading reading(Long value) {
    return Reading.of(value.longValue());
  }

  /// Powers of two and ten and their neighbours: where integer types, digits and tables end.
  private static NavigableSet<Long> powers() {
    var values = new TreeSet<Long>(List.of(-1L, 0L, 1L));
    for (int bits = 3; bits < 63; bits++) {
      addAround(values, 1L << bits);
    }
    for (long power = 10; power <= 1_000_000_000_000_000_000L / 10; power *= 10) {
      addAround(values, power);
    }
    return values;
  }

  private static void addAround(TreeSet<Long> values, long power) {
    values.addAll(List.of(power - 1, power, -power, -power - 1));
  }
}
