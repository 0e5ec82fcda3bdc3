package dev.faultline.isolation.rule;

/// How large a share may be, given that so many of so many were seen.
///
/// The upper end of the one-sided 95 % interval of Clopper and Pearson (1934). With none seen it is the rule of three: about `3 / n`.
public final class Chance {
  private static final double DOUBT = 0.05;
  private static final int HALVINGS = 50;

  private Chance() {}

  /// The largest share under which `seen` or fewer of `of` still happen once in twenty times; 1 when nothing was looked at.
  public static double atMost(long seen, long of) {
    if (of <= 0 || seen >= of) {
      return 1;
    }
    double low = (double) seen / of;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (atMostSeen(seen, of, middle) > DOUBT) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /// The binomial distribution's lower tail.
  private static double atMostSeen(long seen, long of, double share) {
    double odds = Math.log(share) - Math.log1p(-share);
    double log = of * Math.log1p(-share);
    double sum = Math.exp(log);
    for (long k = 1; k <= seen; k++) {
      log += Math.log((double) (of - k + 1) / k) + odds;
      sum += Math.exp(log);
    }
    return sum;
  }
}
