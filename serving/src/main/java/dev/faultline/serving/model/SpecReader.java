package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;

/// The parts of a declaration that say what a tensor is: `datatype`, `shape`, `columns`.
final class SpecReader {
  static final List<String> TYPES = Arrays.stream(DataType.values()).map(DataType::name).toList();

  private SpecReader() {}

  /// Extents, -1 for any, a word for any extent that is the same wherever the word stands.
  static List<Dimension> shape(Declared declared, List<Dimension> absent) {
    if (!declared.isPresent()) {
      return absent;
    }
    var dimensions = new ArrayList<Dimension>();
    for (Declared extent : declared.elements()) {
      if (extent.isText() && !extent.text("").isBlank()) {
        dimensions.add(new Dimension.Symbolic(extent.text("")));
      } else if (extent.isInteger()) {
        long value = extent.integer(-1, -1, Integer.MAX_VALUE);
        dimensions.add(value == -1 ? new Dimension.Free() : new Dimension.Fixed(value));
      } else {
        extent.expected("an extent: a number, -1 or a word");
        dimensions.add(new Dimension.Free());
      }
    }
    return dimensions;
  }

  static DataType type(Declared declared, DataType absent) {
    return declared.word(TYPES).flatMap(DataType::find).orElse(absent);
  }

  /// The spec with its last axis named. An open last axis becomes as long as the list.
  static TensorSpec withColumns(TensorSpec spec, Declared declared) {
    if (!declared.isPresent()) {
      return spec;
    }
    List<String> columns = declared.texts();
    if (columns.isEmpty() || columns.contains("") || new HashSet<>(columns).size() != columns.size()) {
      declared.problem("has " + columns.size() + " names, " + new HashSet<>(columns).size() + " different (expected: a different name for each column)");
      return spec;
    }
    if (!canHave(spec, columns.size())) {
      declared.problem("names " + columns.size() + " columns, but '" + spec.name() + "' is " + Agreement.shown(spec) + " (expected: a name for each place of the last axis)");
      return spec;
    }
    return named(spec, columns);
  }

  static boolean canHave(TensorSpec spec, int columns) {
    return !spec.dimensions().isEmpty() && (!(spec.dimensions().getLast() instanceof Dimension.Fixed(long extent)) || extent == columns);
  }

  static TensorSpec named(TensorSpec spec, List<String> columns) {
    var dimensions = new ArrayList<>(spec.dimensions());
    dimensions.set(dimensions.size() - 1, new Dimension.Fixed(columns.size()));
    return Agreement.withDimensions(spec, dimensions).withColumns(columns);
  }
}
