package dev.faultline.evaluation.model;

import dev.faultline.evaluation.traffic.Input;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A model of the benchmark: its data, and a sound release of any version. Versions of one family differ a little in their weights, as
/// retraining makes them.
public interface Family {
  String name();

  /// The inputs of a sound request, one that every sound version serves without objection.
  List<Input> draw(RandomGenerator random);

  /// A version without defects.
  Release sound(int version);

  /// Names of the columns of tabular inputs; an input that is not here is one field as a whole.
  default Map<String, List<String>> columns() {
    return Map.of();
  }
}
