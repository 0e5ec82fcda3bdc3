package dev.faultline.server.nodes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What several things took, in microseconds a request, round by round. In a round every request runs once, on each version in turn, so that
/// whatever disturbs the machine disturbs the versions alike.
final class Rounds<K> {
  private final List<Map<K, Double>> rounds = new ArrayList<>();

  void add(Map<K, Double> round) {
    rounds.add(Map.copyOf(round));
  }

  int count() {
    return rounds.size();
  }

  Set<K> keys() {
    var keys = new LinkedHashSet<K>();
    rounds.forEach(round -> keys.addAll(round.keySet()));
    return keys;
  }

  /// One value a round, 0 where it was not met.
  List<Double> values(K key) {
    return rounds.stream().map(round -> round.getOrDefault(key, 0.0)).toList();
  }

  /// Round by round, how much more `later` is here than `earlier` is there.
  static <K> List<Double> differences(Rounds<K> later, Rounds<K> earlier, K key) {
    List<Double> after = later.values(key);
    List<Double> before = earlier.values(key);
    var differences = new ArrayList<Double>();
    for (int i = 0; i < Math.min(after.size(), before.size()); i++) {
      differences.add(after.get(i) - before.get(i));
    }
    return differences;
  }

  /// The sum over the requests of one round, divided by their number.
  static final class Sum<K> {
    private final Map<K, Double> sums = new HashMap<>();

    void add(K key, double micros) {
      sums.merge(key, micros, Double::sum);
    }

    Map<K, Double> mean(int requests) {
      var means = new LinkedHashMap<K, Double>();
      sums.forEach((key, sum) -> means.put(key, sum / requests));
      return means;
    }
  }
}
