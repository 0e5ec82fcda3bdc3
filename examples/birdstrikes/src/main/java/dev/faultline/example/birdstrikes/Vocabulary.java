package dev.faultline.example.birdstrikes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The values of a category that a model knows, in order; everything else is its last place, "other".
record Vocabulary(Category category, List<String> known) {

  Vocabulary {
    known = List.copyOf(known);
  }

  static Vocabulary learn(Category category, List<BirdstrikeRow> rows, int rowsMin) {
    Map<String, Long> counts =
        rows.stream()
            .map(row -> row.category(category))
            .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    return new Vocabulary(
        category, counts.entrySet().stream().filter(e -> e.getValue() >= rowsMin).map(Map.Entry::getKey).toList());
  }

  int index(String value) {
    int index = known.indexOf(value);
    return index < 0 ? other() : index;
  }

  int other() {
    return known.size();
  }

  int size() {
    return known.size() + 1;
  }
}
