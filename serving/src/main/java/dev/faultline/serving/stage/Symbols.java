package dev.faultline.serving.stage;

import dev.faultline.contract.Contract;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.request.InputTensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The symbolic dimensions of a contract and every place where each stands.
///
/// Where a request's inputs disagree about a symbol, the extent that most of them have counts, so that one odd input among twenty is
/// reported and not the other nineteen.
final class Symbols {

  /// An axis of an input, by its place in the contract.
  private record Place(int input, int axis) {}

  private final List<String> names;
  private final List<List<Place>> places;

  private Symbols(Map<String, List<Place>> places) {
    this.names = List.copyOf(places.keySet());
    this.places = places.values().stream().map(List::copyOf).toList();
  }

  static Symbols of(Contract contract) {
    var places = new LinkedHashMap<String, List<Place>>();
    for (int input = 0; input < contract.inputs().size(); input++) {
      TensorSpec spec = contract.inputs().get(input);
      for (int axis = 0; axis < spec.dimensions().size(); axis++) {
        if (spec.dimensions().get(axis) instanceof Dimension.Symbolic(String symbol)) {
          places.computeIfAbsent(symbol, _ -> new ArrayList<>()).add(new Place(input, axis));
        }
      }
    }
    return new Symbols(places);
  }

  int indexOf(String symbol) {
    return names.indexOf(symbol);
  }

  /// The extent of every symbol in this request, -1 where no input tells. `given` holds the inputs whose rank is right, in the
  /// contract's order.
  long[] extents(@Nullable InputTensor[] given) {
    long[] extents = new long[names.size()];
    for (int symbol = 0; symbol < extents.length; symbol++) {
      extents[symbol] = extent(given, places.get(symbol));
    }
    return extents;
  }

  /// Where the symbol has its extent, for a message about input `except`, which has another.
  String witness(@Nullable InputTensor[] given, int symbol, long extent, int except) {
    for (Place place : places.get(symbol)) {
      InputTensor input = given[place.input];
      if (input != null && place.input != except && input.tensor().shape().extent(place.axis) == extent) {
        return names.get(symbol) + " is " + extent + " as in " + input.field().path() + " of shape " + input.tensor().shape();
      }
    }
    return names.get(symbol) + " is the same wherever it stands";
  }

  private static long extent(@Nullable InputTensor[] given, List<Place> places) {
    long first = -1;
    for (Place place : places) {
      InputTensor input = given[place.input];
      if (input != null) {
        long extent = input.tensor().shape().extent(place.axis);
        if (first >= 0 && extent != first) {
          return mostCommon(given, places);
        }
        first = extent;
      }
    }
    return first;
  }

  private static long mostCommon(@Nullable InputTensor[] given, List<Place> places) {
    var extents = new ArrayList<Long>();
    for (Place place : places) {
      InputTensor input = given[place.input];
      if (input != null) {
        extents.add(input.tensor().shape().extent(place.axis));
      }
    }
    // the first in the contract's order wins among equally common ones
    long best = -1;
    for (long extent : extents) {
      best = Collections.frequency(extents, extent) > Collections.frequency(extents, best) ? extent : best;
    }
    return best;
  }
}
