package dev.faultline.isolation.attribute;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/// Which rows fail, and the strata within which that may be shuffled.
final class Labels {
  private final int[][] strata;
  private final int[] failingOf;
  private final int[] failing;

  Labels(List<Sighting> sightings) {
    var rows = new LinkedHashMap<String, List<Integer>>();
    for (int row = 0; row < sightings.size(); row++) {
      rows.computeIfAbsent(sightings.get(row).stratum(), _ -> new ArrayList<>()).add(row);
    }
    strata = rows.values().stream().map(list -> list.stream().mapToInt(row -> row).toArray()).toArray(int[][]::new);
    failingOf = rows.values().stream().mapToInt(list -> (int) list.stream().filter(row -> sightings.get(row).isFailing()).count()).toArray();
    failing = java.util.stream.IntStream.range(0, sightings.size()).filter(row -> sightings.get(row).isFailing()).toArray();
  }

  /// The rows that fail.
  int[] failing() {
    return failing.clone();
  }

  /// As many rows of each stratum as fail there, drawn at random: the first of a partial Fisher-Yates shuffle.
  int[] shuffled(RandomGenerator random) {
    int[] chosen = new int[failing.length];
    int at = 0;
    for (int stratum = 0; stratum < strata.length; stratum++) {
      int[] rows = strata[stratum];
      for (int i = 0; i < failingOf[stratum]; i++) {
        int other = i + random.nextInt(rows.length - i);
        int row = rows[other];
        rows[other] = rows[i];
        rows[i] = row;
        chosen[at++] = row;
      }
    }
    return chosen;
  }
}
