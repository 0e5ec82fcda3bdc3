package dev.faultline.isolation.attribute;

import dev.faultline.isolation.finding.Condition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The items of a list of sightings, those that hold for the same requests merged into one, the likeliest causes first.
///
/// `numbers` are the readings that limits are about, by dimension. `leftOut` counts items and dimensions beyond the limits.
record ItemSet(int rows, List<Item> items, Map<String, Numbers> numbers, int leftOut) {
  static final int DIMENSIONS_MAX = 2_000;
  static final int ITEMS_MAX = 8_000;
  /// Two items are the same when they share this part of the rows that meet either (Jaccard index).
  static final double SAME = 0.95;

  ItemSet {
    items = List.copyOf(items);
    numbers = Map.copyOf(numbers);
  }

  static ItemSet of(List<Sighting> sightings) {
    var columns = new LinkedHashMap<String, Column>();
    int left = 0;
    for (int row = 0; row < sightings.size(); row++) {
      for (var reading : sightings.get(row).readings().entrySet()) {
        Column column = columns.get(reading.getKey());
        if (column == null && columns.size() == DIMENSIONS_MAX) {
          left++;
          continue;
        }
        if (column == null) {
          column = new Column(reading.getKey(), sightings.size());
          columns.put(reading.getKey(), column);
        }
        column.add(row, reading.getValue());
      }
    }
    return of(sightings.size(), columns, left);
  }

  private static ItemSet of(int rows, Map<String, Column> columns, int left) {
    var items = new ArrayList<Item>();
    var numbers = new HashMap<String, Numbers>();
    for (Column column : columns.values()) {
      var of = new ColumnItems(column);
      items.addAll(of.items());
      of.numbers().stream().filter(each -> each.size() > 0).forEach(each -> numbers.put(each.dimension(), each));
    }
    items.sort(Comparator.comparingInt(Item::preference));
    List<Item> kept = items.size() > ITEMS_MAX ? items.subList(0, ITEMS_MAX) : items;
    return new ItemSet(rows, merged(kept), numbers, left + items.size() - kept.size());
  }

  private static List<Item> merged(List<Item> items) {
    int[] leaders = leaders(items);
    var equivalents = new ArrayList<List<Condition>>();
    items.forEach(_ -> equivalents.add(new ArrayList<>()));
    for (int i = 0; i < leaders.length; i++) {
      Condition condition = items.get(i).condition();
      if (leaders[i] != i && !condition.dimension().equals(items.get(leaders[i]).condition().dimension())) {
        equivalents.get(leaders[i]).add(condition);
      }
    }
    return IntStream.range(0, leaders.length).filter(i -> leaders[i] == i).mapToObj(i -> items.get(i).with(equivalents.get(i))).toList();
  }

  /// For each item the first one that it is the same as, itself where there is none. Only items of nearly the same size are compared.
  private static int[] leaders(List<Item> items) {
    int[] leaders = IntStream.range(0, items.size()).toArray();
    int[] bySize = IntStream.range(0, items.size()).boxed().sorted(Comparator.comparingInt(i -> items.get(i).count())).mapToInt(i -> i).toArray();
    for (int at = 0; at < bySize.length; at++) {
      Item item = items.get(bySize[at]);
      for (int next = at + 1; next < bySize.length && item.count() >= SAME * items.get(bySize[next]).count(); next++) {
        int low = Math.min(bySize[at], bySize[next]);
        int high = Math.max(bySize[at], bySize[next]);
        if (low < leaders[high] && item.isSameAs(items.get(bySize[next]), SAME)) {
          leaders[high] = low;
        }
      }
    }
    for (int i = 0; i < leaders.length; i++) {
      leaders[i] = leaders[leaders[i]];
    }
    return leaders;
  }
}
