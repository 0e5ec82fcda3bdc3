package dev.faultline.isolation;

import dev.faultline.graph.Change;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Pieces of one constant told as one: the place that they share, with the values of the first few.
final class Slices {
  private static final int TOLD_MAX = 8;

  private Slices() {}

  static List<Change> together(List<Change> changes) {
    Map<String, List<Change.Weights>> pieces = new LinkedHashMap<>();
    var others = new ArrayList<Change>();
    for (Change change : changes) {
      if (change instanceof Change.Weights weights) {
        pieces.computeIfAbsent(weights.name(), _ -> new ArrayList<>()).add(weights);
      } else {
        others.add(change);
      }
    }
    var all = new ArrayList<Change>();
    pieces.values().forEach(some -> all.add(some.size() == 1 ? some.getFirst() : together(some.getFirst(), some)));
    all.addAll(others);
    return all;
  }

  private static Change.Weights together(Change.Weights first, List<Change.Weights> pieces) {
    return new Change.Weights(
        first.name(),
        first.goodName(),
        first.goodShape(),
        first.badShape(),
        pieces.stream().mapToLong(Change.Weights::from).min().orElseThrow(),
        pieces.stream().mapToLong(Change.Weights::to).max().orElseThrow(),
        pieces.stream().mapToLong(Change.Weights::differing).sum(),
        pieces.stream().mapToDouble(Change.Weights::change).max().orElseThrow(),
        shared(pieces.stream().map(Change.Weights::place).toList(), first.name()),
        told(pieces.stream().map(Change.Weights::good).toList()),
        told(pieces.stream().map(Change.Weights::bad).toList()));
  }

  /// `w[14,3]` and `w[14,0]` share `w[14]`.
  private static String shared(List<String> places, String name) {
    List<String> common = coordinates(places.getFirst(), name);
    for (String place : places) {
      List<String> other = coordinates(place, name);
      int length = 0;
      while (length < Math.min(common.size(), other.size()) && common.get(length).equals(other.get(length))) {
        length++;
      }
      common = common.subList(0, length);
    }
    return common.isEmpty() ? name : name + "[" + String.join(",", common) + "]";
  }

  private static List<String> coordinates(String place, String name) {
    String brackets = place.substring(name.length());
    return brackets.isEmpty() ? List.of() : List.of(brackets.substring(1, brackets.length() - 1).split(",", -1));
  }

  private static String told(List<String> values) {
    return "[" + String.join(", ", values.subList(0, Math.min(TOLD_MAX, values.size()))) + (values.size() > TOLD_MAX ? ", ...]" : "]");
  }
}
