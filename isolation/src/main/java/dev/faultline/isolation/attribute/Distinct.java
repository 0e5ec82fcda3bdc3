package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The different values among readings, each with a code and how often it occurs.
final class Distinct {
  private final List<Reading> values = new ArrayList<>();
  private final int[] codes;
  private final int[] counts;

  Distinct(Part part) {
    codes = new int[part.size()];
    counts = new int[part.size()];
    Map<Reading, Integer> known = new HashMap<>();
    for (int entry = 0; entry < codes.length; entry++) {
      Reading reading = part.reading(entry);
      Integer code = known.putIfAbsent(reading, values.size());
      if (code == null) {
        code = values.size();
        values.add(reading);
      }
      codes[entry] = code;
      counts[code]++;
    }
  }

  int size() {
    return values.size();
  }

  int code(int entry) {
    return codes[entry];
  }

  int count(int code) {
    return counts[code];
  }

  Reading value(int code) {
    return values.get(code);
  }

  /// The most frequent codes, the first seen first among equals.
  List<Integer> frequent(int max) {
    return IntStream.range(0, values.size())
        .boxed()
        .sorted(Comparator.comparingInt((Integer code) -> -counts[code]))
        .limit(max)
        .toList();
  }
}
