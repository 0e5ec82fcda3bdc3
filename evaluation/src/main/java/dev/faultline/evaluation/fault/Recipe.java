package dev.faultline.evaluation.fault;

import java.util.function.LongFunction;

/// A fault that can be seeded anywhere: the seed draws the weights, the column, the version, the threshold.
public record Recipe(String id, Kind kind, Suite suite, LongFunction<Case> make) {

  /// Where a recipe belongs in the report.
  public enum Suite {
    FAULT,
    COMPOSITE,
    HEALTHY
  }

  static Recipe fault(String id, Kind kind, LongFunction<Case> make) {
    return new Recipe(id, kind, Suite.FAULT, make);
  }
}
