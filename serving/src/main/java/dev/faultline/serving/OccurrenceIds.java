package dev.faultline.serving;

import dev.faultline.fault.Occurrence;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Makes fault ids that sort by time: `flt_`, ten characters of milliseconds, eight of chance, in Crockford's base 32.
public final class OccurrenceIds {
  private static final char[] DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ".toCharArray();
  private static final int TIME_DIGITS = 10;
  private static final int RANDOM_DIGITS = 8;

  private final InstantSource clock;
  private final RandomGenerator random;

  /// `random` must be safe for use by several threads.
  public OccurrenceIds(InstantSource clock, RandomGenerator random) {
    this.clock = clock;
    this.random = random;
  }

  public String next() {
    var text = new StringBuilder(Occurrence.ID_PREFIX.length() + TIME_DIGITS + RANDOM_DIGITS).append(Occurrence.ID_PREFIX);
    append(text, clock.millis(), TIME_DIGITS);
    append(text, random.nextLong(), RANDOM_DIGITS);
    return text.toString();
  }

  private static void append(StringBuilder text, long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      text.append(DIGITS[(int) (value >>> (5 * i)) & 31]);
    }
  }
}
