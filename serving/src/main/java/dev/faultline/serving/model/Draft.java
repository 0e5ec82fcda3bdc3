package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What is known of one version while its files are read one after the other: begins as the graph says it, each file makes it more exact.
final class Draft {
  final Problems problems;
  final List<String> warnings = new ArrayList<>();
  final List<String> sources = new ArrayList<>(List.of("graph"));

  /// Inputs and outputs of the graph, not of the caller.
  List<TensorSpec> inputs;
  List<TensorSpec> outputs;
  Limits limits;

  /// Fields that a signature says may be missing.
  final Set<FieldRef> nullable = new LinkedHashSet<>();

  Draft(List<TensorSpec> inputs, List<TensorSpec> outputs, Limits limits, Problems problems) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.limits = limits;
    this.problems = problems;
  }
}
