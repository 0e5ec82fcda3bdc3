package dev.faultline.isolation.attribute;

import java.util.Arrays;

/// The log-likelihood ratio of "fails more often with the conditions than without" against "fails as often", for a fixed number of rows
/// and of failing rows.
///
/// `l(a,n) + l(A-a,N-n) - l(A,N)` with `l(k,m) = k ln(k/m) + (m-k) ln(1-k/m)`: half of the G statistic (Sokal and Rohlf). A table of
/// x ln x makes it five look-ups.
final class LogLikelihood {
  private final int rows;
  private final int failing;
  private final double[] xLogX;
  private final double together;

  LogLikelihood(int rows, int failing) {
    this.rows = rows;
    this.failing = failing;
    this.xLogX = new double[rows + 1];
    Arrays.setAll(xLogX, x -> x == 0 ? 0 : x * Math.log(x));
    this.together = part(failing, rows);
  }

  /// For `n` rows with the conditions of which `a` fail.
  double of(int a, int n) {
    return part(a, n) + part(failing - a, rows - n) - together;
  }

  private double part(int failed, int of) {
    return xLogX[failed] + xLogX[of - failed] - xLogX[of];
  }

  /// Whether it fails more often with the conditions than over all.
  boolean isRaised(int a, int n) {
    return (long) a * rows > (long) failing * n;
  }

  /// The least number of failing among `n` rows, at least `least`, at which the ratio reaches `bound`; beyond `n` when none does.
  int failingAt(double bound, int n, int least) {
    int low = Math.max(least, (int) ((long) failing * n / rows) + 1);
    int high = Math.min(n, failing) + 1;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (of(middle, n) >= bound) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low > Math.min(n, failing) ? Integer.MAX_VALUE : low;
  }

  /// The greatest number of rows with the conditions at which `a` failing among them still reach `bound`; below `a` when none does.
  int rowsAt(double bound, int a) {
    int low = a - 1;
    int high = rows - (failing - a);
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (isRaised(a, middle) && of(a, middle) >= bound) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  int rows() {
    return rows;
  }

  int failing() {
    return failing;
  }
}
