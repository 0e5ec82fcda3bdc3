package dev.faultline.serving.model;

import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

  /// Rules that files other than the contract state; the contract's own about the same field win.
  final List<Rule> rules = new ArrayList<>();

  /// Names of classes by output.
  final Map<String, List<String>> labels = new LinkedHashMap<>();

  final List<WarmUp> warmUps = new ArrayList<>();

  /// How many of the problems are names that leave their folder.
  int outside;

  Draft(List<TensorSpec> inputs, List<TensorSpec> outputs, Limits limits, Problems problems) {
    this.inputs = inputs;
    this.outputs = outputs;
    this.limits = limits;
    this.problems = problems;
  }

  /// A problem that is a declared file name which leaves its folder.
  void outside(String where, String name, String expected) {
    int before = problems.count();
    problems.add(where, "is '" + name + "' (expected: " + expected + ")");
    outside += problems.count() - before;
  }

  /// What the problems are called: by the way out of a folder when there is nothing else wrong.
  String code() {
    return outside > 0 && outside == problems.count() ? "load.path_outside" : "load.contract";
  }
}
