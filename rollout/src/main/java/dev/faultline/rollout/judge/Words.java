package dev.faultline.rollout.judge;

import java.time.Duration;
import java.util.Locale;

/// Numbers in sentences.
final class Words {
  private Words() {}

  /// "31 of 402 requests of the candidate, 0 of 7,640 of the baseline".
  static String counts(Split concerned, Split all) {
    return number(concerned.candidate()) + " of " + number(all.candidate()) + " requests of the candidate, " + number(concerned.baseline()) + " of "
        + number(all.baseline()) + " of the baseline";
  }

  /// How many keys, or requests with their tries, the events came from, when some sent more than one.
  static String keys(Split counted, Split all) {
    long once = counted.candidate() + counted.baseline();
    return once == all.candidate() + all.baseline() ? "" : " (from " + number(counted.candidate()) + " and " + number(counted.baseline()) + " keys or requests with their tries, each counted once)";
  }

  static String number(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String times(double ratio) {
    return String.format(Locale.ROOT, ratio < 10 ? "%.1f times" : "%,.0f times", ratio);
  }

  static String percent(double share) {
    return String.format(Locale.ROOT, share < .1 ? "%.1f %%" : "%.0f %%", 100 * share);
  }

  static String millis(double millis) {
    return String.format(Locale.ROOT, millis < 10 ? "%.2f ms" : "%,.0f ms", millis);
  }

  static String duration(Duration duration) {
    if (duration.toSeconds() < 120) {
      return duration.toSeconds() + " s";
    }
    return duration.toMinutes() < 120 ? duration.toMinutes() + " min" : duration.toHours() + " h";
  }
}
