package dev.faultline.rollout.judge.simulation;

import dev.faultline.rollout.judge.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// How often a rule failed and passed candidates of one scenario, and after how many minutes.
final class Score {
  private static final double Z = 1.96;

  private final List<Integer> failedAfter = new ArrayList<>();
  private final List<Integer> passedAfter = new ArrayList<>();
  private int trials;

  void add(Verdict verdict, int minutes) {
    trials++;
    switch (verdict) {
      case FAIL -> failedAfter.add(minutes);
      case PASS -> passedAfter.add(minutes);
      case INCONCLUSIVE -> {}
    }
  }

  double failed() {
    return (double) failedAfter.size() / trials;
  }

  double passed() {
    return (double) passedAfter.size() / trials;
  }

  /// Wilson's lower bound at 95 %.
  double failedAtLeast() {
    return wilson(failedAfter.size(), -1);
  }

  String cells() {
    return String.format(
        Locale.ROOT,
        "%s [%s, %s] | %s | %s | %s",
        share(failed()), share(failedAtLeast()), share(wilson(failedAfter.size(), 1)), median(failedAfter), share(passed()), median(passedAfter));
  }

  private double wilson(int count, int sign) {
    return bounds(count, trials)[sign < 0 ? 0 : 1];
  }

  /// Wilson's bounds at 95 %, the lower one first.
  static double[] bounds(int count, int trials) {
    double rate = (double) count / trials;
    double centre = rate + Z * Z / (2 * trials);
    double width = Z * Math.sqrt(rate * (1 - rate) / trials + Z * Z / (4.0 * trials * trials));
    double scale = 1 + Z * Z / trials;
    return new double[] {(centre - width) / scale, (centre + width) / scale};
  }

  static String share(double share) {
    return String.format(Locale.ROOT, "%.3f", Math.max(0, share)).replaceFirst("^0", "");
  }

  private static String median(List<Integer> minutes) {
    return minutes.isEmpty() ? "" : String.valueOf(minutes.stream().sorted().toList().get(minutes.size() / 2));
  }
}
