package dev.faultline.isolation;

import dev.faultline.request.InputTensor;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Inputs of a failing and a passing request that differ in nothing but how long they are along one axis, so that every length in
/// between can be tried.
///
/// `longer` are the inputs of the request in which they are longer; `failing` and `passing` are the two lengths.
record Length(List<InputTensor> longer, int axis, long failing, long passing) {

  Length {
    longer = List.copyOf(longer);
  }

  /// For inputs that were kept as wholes; empty when anything else was kept, or they differ in another way.
  static Optional<Length> of(Substitution substitution, List<Part> kept) {
    var pairs = new ArrayList<Pair>();
    for (Part part : kept) {
      Optional<Pair> pair = part instanceof Part.Whole(String tensor) ? pair(substitution, tensor) : Optional.empty();
      if (pair.isEmpty()) {
        return Optional.empty();
      }
      pairs.add(pair.get());
    }
    List<Place> places = pairs.stream().map(Pair::place).distinct().toList();
    return places.size() != 1 ? Optional.empty() : Optional.of(of(pairs, places.getFirst()));
  }

  private static Length of(List<Pair> pairs, Place place) {
    boolean tooLong = place.failing > place.passing;
    return new Length(pairs.stream().map(pair -> tooLong ? pair.failing : pair.passing).toList(), place.axis, place.failing, place.passing);
  }

  List<String> tensors() {
    return longer.stream().map(InputTensor::name).toList();
  }

  /// The inputs with this length.
  Map<String, InputTensor> cut(long length) {
    return longer.stream().collect(Collectors.toMap(InputTensor::name, input -> cut(input, length)));
  }

  private InputTensor cut(InputTensor input, long length) {
    Tensor tensor = input.tensor();
    long[] extents = tensor.shape().toArray();
    extents[axis] = length;
    Shape shape = Shape.of(extents);
    int[] sources = new int[(int) shape.elementCount()];
    int inner = 1;
    for (int i = axis + 1; i < extents.length; i++) {
      inner *= (int) extents[i];
    }
    int block = (int) length * inner;
    int blockBefore = (int) tensor.shape().extent(axis) * inner;
    for (int i = 0; i < sources.length; i++) {
      sources[i] = i / block * blockBefore + i % block;
    }
    return new InputTensor(Substitution.gathered(tensor, shape, sources), input.layout(), input.position(), List.of(), 0, "");
  }

  private record Place(int axis, long failing, long passing) {}

  private record Pair(InputTensor failing, InputTensor passing, Place place) {}

  private static Optional<Pair> pair(Substitution substitution, String name) {
    Optional<InputTensor> failing = substitution.failing(name).filter(Length::isWhole);
    Optional<InputTensor> passing = substitution.passing(name).filter(Length::isWhole);
    return failing.flatMap(after -> passing.flatMap(before -> place(before.tensor(), after.tensor()).map(place -> new Pair(after, before, place))));
  }

  private static boolean isWhole(InputTensor input) {
    return input.misfits().isEmpty() && input.sizeBreach().isEmpty();
  }

  private static Optional<Place> place(Tensor before, Tensor after) {
    if (before.type() != after.type() || before.shape().rank() != after.shape().rank()) {
      return Optional.empty();
    }
    var places = new ArrayList<Place>();
    for (int axis = 0; axis < after.shape().rank(); axis++) {
      if (before.shape().extent(axis) != after.shape().extent(axis)) {
        places.add(new Place(axis, after.shape().extent(axis), before.shape().extent(axis)));
      }
    }
    return places.size() == 1 ? Optional.of(places.getFirst()) : Optional.empty();
  }
}
