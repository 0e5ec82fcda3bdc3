package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The readings of one kind on one dimension, each with its row.
final class Part {
  private final List<Reading> readings = new ArrayList<>();
  private int[] rows = new int[16];

  void add(int row, Reading reading) {
    if (readings.size() == rows.length) {
      rows = Arrays.copyOf(rows, rows.length * 2);
    }
    rows[readings.size()] = row;
    readings.add(reading);
  }

  int size() {
    return readings.size();
  }

  int row(int entry) {
    return rows[entry];
  }

  Reading reading(int entry) {
    return readings.get(entry);
  }

  void setIn(Bits bits) {
    for (int entry = 0; entry < size(); entry++) {
      bits.set(rows[entry]);
    }
  }
}
