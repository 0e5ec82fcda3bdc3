package dev.faultline.serving.step;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Specs on their way through the steps, by name, and what steps ask of them.
final class Specs {

  private Specs() {}

  static TensorSpec fetch(List<TensorSpec> specs, String name) {
    return find(specs, name).orElseThrow(() -> {
      List<String> names = specs.stream().map(TensorSpec::name).toList();
      return new IllegalArgumentException(
          "reads tensor '" + name + "', which is not there" + Hint.of(name, names) + " (expected: " + Declared.listed(names) + ")");
    });
  }

  static Optional<TensorSpec> find(List<TensorSpec> specs, String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }

  /// `after` in the place of `input` when it has its name, otherwise at the end.
  static List<TensorSpec> put(List<TensorSpec> specs, String input, TensorSpec after) {
    if (after.name().equals(input)) {
      return specs.stream().map(spec -> spec.name().equals(input) ? after : spec).toList();
    }
    requireFree(specs, after.name());
    var all = new ArrayList<>(specs);
    all.add(after);
    return all;
  }

  static void requireFree(List<TensorSpec> specs, String name) {
    if (find(specs, name).isPresent()) {
      throw new IllegalArgumentException("makes tensor '" + name + "', which is already there (expected: a new name, or a drop step before)");
    }
  }

  static void require(boolean holds, TensorSpec spec, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("reads tensor '" + shown(spec) + " (expected: " + expected + ")");
    }
  }

  static void requireNumber(TensorSpec spec) {
    require(spec.type().isFloating() || spec.type().isInteger(), spec, "a floating or integer type");
  }

  static void requireFloating(TensorSpec spec) {
    require(spec.type().isFloating(), spec, "FP32 or another floating type; a cast step makes it");
  }

  static void requireRank(TensorSpec spec, int min) {
    require(spec.dimensions().size() >= min, spec, min == 1 ? "at least one axis" : "at least " + min + " axes");
  }

  /// `x' of FP32 [-1,3]`, to stand after `tensor '`.
  static String shown(TensorSpec spec) {
    return spec.name() + "' of " + spec.type() + " " + spec.wireShape().toString().replace(" ", "");
  }

  static TensorSpec renamed(TensorSpec spec, String name) {
    return new TensorSpec(name, spec.type(), spec.dimensions(), spec.columns(), spec.presence());
  }

  static TensorSpec typed(TensorSpec spec, DataType type) {
    return new TensorSpec(spec.name(), type, spec.dimensions(), spec.columns(), spec.presence());
  }

  static TensorSpec shaped(TensorSpec spec, DataType type, List<Dimension> dimensions, List<String> columns) {
    return new TensorSpec(spec.name(), type, dimensions, columns, spec.presence());
  }
}
