package dev.faultline.capture;

import java.time.Instant;
import java.util.random.RandomGenerator;

/// Makes ids of captures: `cap_`, 11 characters of microseconds, 9 of randomness, in Crockford's base 32, so that ids sort by time.
public final class CaptureId {
  public static final String PREFIX = "cap_";

  private static final String DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int TIME_DIGITS = 11;
  private static final int RANDOM_DIGITS = 9;

  private CaptureId() {}

  public static String of(Instant at, RandomGenerator random) {
    long micros = at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    var text = new StringBuilder(PREFIX);
    append(text, micros, TIME_DIGITS);
    append(text, random.nextLong() >>> 1, RANDOM_DIGITS);
    return text.toString();
  }

  private static void append(StringBuilder text, long value, int digits) {
    for (int i = digits - 1; i >= 0; i--) {
      text.append(DIGITS.charAt((int) (value >>> (5 * i)) & 31));
    }
  }
}
