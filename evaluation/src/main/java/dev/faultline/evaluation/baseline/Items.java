package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The items of each row: what it says about itself, and where its numbers lie among those of the requests that were served.
final class Items {
  private static final double[] QUANTILES = {0, .25, .5, .75, 1};
  private static final int CELLS_MAX = 256;

  private final Evidence evidence;
  private final Map<String, double[]> bounds = new HashMap<>();
  private final List<Set<Item>> ofRows = new ArrayList<>();

  Items(Evidence evidence) {
    this.evidence = evidence;
    learn();
    evidence.rows().forEach(row -> ofRows.add(of(row)));
  }

  /// In the order of the rows.
  List<Set<Item>> ofRows() {
    return ofRows;
  }

  Set<Item> all() {
    Set<Item> all = new HashSet<>();
    ofRows.forEach(all::addAll);
    return all;
  }

  private void learn() {
    Map<String, List<Double>> seen = new HashMap<>();
    for (Row row : evidence.passing()) {
      numbers(row).forEach((place, value) -> seen.computeIfAbsent(place, _ -> new ArrayList<>()).add(value));
    }
    seen.forEach((place, values) -> bounds.put(place, quantiles(values)));
  }

  private static double[] quantiles(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).filter(Double::isFinite).sorted().toArray();
    return sorted.length == 0 ? new double[0] : Arrays.stream(QUANTILES).map(q -> sorted[(int) Math.rint(q * (sorted.length - 1))]).toArray();
  }

  private Set<Item> of(Row row) {
    Set<Item> items = new HashSet<>();
    row.dimensions().forEach((dimension, value) -> items.add(new Item(dimension, value)));
    for (Input input : row.inputs()) {
      items.add(new Item("shape:" + input.name(), input.shape().toString()));
      texts(input, items);
    }
    numbers(row).forEach((place, value) -> items.add(new Item("field:" + place, bin(place, value))));
    return items;
  }

  private void texts(Input input, Set<Item> items) {
    List<String> columns = evidence.family().columns().getOrDefault(input.name(), List.of());
    for (int i = 0; i < Math.min(CELLS_MAX, input.values().size()); i++) {
      if (input.values().get(i) instanceof String text) {
        items.add(new Item("field:" + place(input, columns, i), text));
      }
    }
  }

  private Map<String, Double> numbers(Row row) {
    Map<String, Double> numbers = new HashMap<>();
    for (Input input : row.inputs()) {
      List<String> columns = evidence.family().columns().getOrDefault(input.name(), List.of());
      for (int i = 0; i < Math.min(CELLS_MAX, input.values().size()); i++) {
        if (input.values().get(i) instanceof Number number) {
          numbers.merge(place(input, columns, i).toString(), number.doubleValue(), (a, b) -> Double.isNaN(a) ? a : b);
        }
      }
    }
    return numbers;
  }

  private static Place place(Input input, List<String> columns, int flat) {
    return columns.isEmpty() ? Place.of(input.name()) : new Place(input.name(), columns.get(flat % columns.size()));
  }

  private String bin(String place, double value) {
    double[] bound = bounds.getOrDefault(place, new double[0]);
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return String.valueOf(value);
    }
    int above = 0;
    for (double each : bound) {
      above += value > each ? 1 : 0;
    }
    boolean below = bound.length > 0 && value < bound[0];
    return below ? "below" : above == QUANTILES.length ? "above" : "q" + above;
  }
}
