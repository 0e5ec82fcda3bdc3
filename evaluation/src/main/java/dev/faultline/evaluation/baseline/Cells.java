package dev.faultline.evaluation.baseline;

import dev.faultline.evaluation.traffic.Input;
import dev.faultline.evaluation.truth.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The values at a place of a row, and rows mixed of two.
final class Cells {
  private Cells() {}

  static List<Object> of(Evidence evidence, Row row, Place place) {
    Optional<Input> input = input(row, place.tensor());
    if (input.isEmpty()) {
      return List.of();
    }
    if (place.column().isEmpty()) {
      return List.of(input.get().shape(), input.get().values());
    }
    int column = evidence.family().columns().getOrDefault(place.tensor(), List.of()).indexOf(place.column());
    return column < input.get().values().size() ? List.of(input.get().values().get(column)) : List.of();
  }

  /// `base` with the values that `other` has at some places. Columns are taken of the first row.
  static List<Input> mixed(Evidence evidence, Row base, Row other, List<Place> places) {
    var mixed = new ArrayList<>(base.inputs());
    for (Place place : places) {
      mixed.replaceAll(input -> input.name().equals(place.tensor()) ? taken(evidence, input, other, place) : input);
    }
    return mixed;
  }

  private static Input taken(Evidence evidence, Input input, Row other, Place place) {
    Input from = input(other, place.tensor()).orElse(input);
    int column = evidence.family().columns().getOrDefault(place.tensor(), List.of()).indexOf(place.column());
    return column < 0 || column >= from.values().size() || column >= input.values().size() ? from : input.with(column, from.values().get(column));
  }

  private static Optional<Input> input(Row row, String tensor) {
    return row.inputs().stream().filter(input -> input.name().equals(tensor)).findFirst();
  }
}
