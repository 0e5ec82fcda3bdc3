package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.truth.Claim;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Ranks single items by a statistic of four counts. It cannot say two things at once, and always says something.
final class Ranker implements Baseline {
  private static final double SUPPORT_MIN = 0.1;
  private static final double RISK_RATIO_MIN = 3;

  /// A statistic of an item that `a` of `n` rows have that fail, of `failing` among `all`.
  interface Score {
    double of(double a, double n, double failing, double all);
  }

  private final String name;
  private final Score score;

  private Ranker(String name, Score score) {
    this.name = name;
    this.score = score;
  }

  /// Difference between the item's share of the failing and of the passing rows.
  static Ranker bubbleUpLike() {
    return new Ranker("BubbleUp-like", (a, n, failing, all) -> a / failing - (n - a) / Math.max(1, all - failing));
  }

  /// Risk ratio where at least a tenth of the failing rows have the item.
  static Ranker macroBaseLike() {
    return new Ranker("MacroBase-like", (a, n, failing, all) -> {
      double risk = (a / n) / Math.max(1e-9, (failing - a) / Math.max(1, all - n));
      return a / failing >= SUPPORT_MIN && risk >= RISK_RATIO_MIN ? Math.min(1e9, risk) + a : Double.NEGATIVE_INFINITY;
    });
  }

  static Ranker ochiai() {
    return new Ranker("Ochiai", (a, n, failing, all) -> a / Math.sqrt(failing * n));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Claim claim(Evidence evidence) {
    return ClaimFromItem.of(ranked(evidence), evidence);
  }

  private List<Item> ranked(Evidence evidence) {
    List<Set<Item>> rows = new Items(evidence).ofRows();
    Map<Item, double[]> counts = new HashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      int failing = evidence.rows().get(i).failing() ? 1 : 0;
      for (Item item : rows.get(i)) {
        double[] count = counts.computeIfAbsent(item, _ -> new double[2]);
        count[0] += failing;
        count[1]++;
      }
    }
    double failing = evidence.failing().size();
    Map<Item, Double> scores = new HashMap<>();
    counts.forEach((item, count) -> scores.put(item, score.of(count[0], count[1], failing, rows.size())));
    return scores.entrySet().stream()
        .filter(entry -> entry.getValue() > Double.NEGATIVE_INFINITY)
        .sorted(Map.Entry.<Item, Double>comparingByValue().reversed().thenComparing(Map.Entry::getKey, Comparator.comparing(Item::toString)))
        .map(Map.Entry::getKey)
        .toList();
  }
}
