package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.truth.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Ranks dimensions by divergence between passing and failing rows and by the entropy of the failing ones, fused by reciprocal rank, and
/// names the value that is most over-represented.
final class KlWithRankFusion implements Baseline {
  private static final double SMOOTHING = 1e-3;
  private static final double BY_DIVERGENCE = 0.8;
  private static final double BY_ENTROPY = 0.2;
  private static final int RANK_OFFSET = 60;

  @Override
  public String name() {
    return "KL + RRF";
  }

  @Override
  public Claim claim(Evidence evidence) {
    Map<String, Histogram> histograms = histograms(evidence);
    List<String> byDivergence = sorted(histograms, Comparator.comparingDouble(name -> -of(histograms, name).divergence()));
    List<String> byEntropy = sorted(histograms, Comparator.comparingDouble(name -> of(histograms, name).entropy()));
    List<String> fused = sorted(histograms, Comparator.comparingDouble(name -> -fused(byDivergence.indexOf(name), byEntropy.indexOf(name))));
    return ClaimFromItem.of(fused.stream().map(name -> new Item(name, of(histograms, name).strangest())).toList(), evidence);
  }

  private static double fused(int divergenceRank, int entropyRank) {
    return BY_DIVERGENCE / (RANK_OFFSET + divergenceRank + 1) + BY_ENTROPY / (RANK_OFFSET + entropyRank + 1);
  }

  private static Histogram of(Map<String, Histogram> histograms, String name) {
    return histograms.getOrDefault(name, new Histogram());
  }

  private static List<String> sorted(Map<String, Histogram> histograms, Comparator<String> by) {
    var names = new ArrayList<>(histograms.keySet());
    names.sort(by);
    return names;
  }

  private static Map<String, Histogram> histograms(Evidence evidence) {
    Map<String, Histogram> histograms = new TreeMap<>();
    List<Set<Item>> rows = new Items(evidence).ofRows();
    for (int i = 0; i < rows.size(); i++) {
      boolean failing = evidence.rows().get(i).failing();
      rows.get(i).forEach(item -> histograms.computeIfAbsent(item.dimension(), _ -> new Histogram()).add(item.value(), failing));
    }
    return histograms;
  }

  /// Counts of one dimension's values among failing and passing rows.
  private static final class Histogram {
    private final Map<String, double[]> counts = new HashMap<>();
    private double failing;
    private double passing;

    void add(String value, boolean fails) {
      double[] count = counts.computeIfAbsent(value, _ -> new double[2]);
      count[fails ? 0 : 1]++;
      failing += fails ? 1 : 0;
      passing += fails ? 0 : 1;
    }

    double divergence() {
      return counts.values().stream().mapToDouble(count -> passing(count) * Math.log(passing(count) / failing(count))).sum();
    }

    double entropy() {
      return -counts.values().stream().mapToDouble(count -> failing(count) * Math.log(failing(count))).sum();
    }

    String strangest() {
      return counts.entrySet().stream()
          .max(Comparator.comparingDouble(entry -> failing(entry.getValue()) - passing(entry.getValue())))
          .map(Map.Entry::getKey)
          .orElse("");
    }

    private double failing(double[] count) {
      return (count[0] + SMOOTHING) / (failing + SMOOTHING * counts.size());
    }

    private double passing(double[] count) {
      return (count[1] + SMOOTHING) / (passing + SMOOTHING * counts.size());
    }
  }
}
