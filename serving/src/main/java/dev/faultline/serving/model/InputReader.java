package dev.faultline.serving.model;

import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.step.DeclaredStep;
import dev.faultline.serving.step.StepReader;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The `inputs` of a contract: what a caller sends and the rules about it.
///
/// Without preprocessing these are the graph's inputs. With it, an input is what `inputs` declares; one that is not declared, or declared
/// without data type and shape, is what the graph says under the same name. At the end the steps must make what the graph takes.
final class InputReader {
  private final Draft draft;
  private final List<DeclaredStep> steps;
  private final Map<String, TensorSpec> specs = new LinkedHashMap<>();
  private final List<Rule> rules = new ArrayList<>();

  InputReader(Draft draft, List<DeclaredStep> steps) {
    this.draft = draft;
    this.steps = steps;
  }

  List<TensorSpec> specs() {
    return List.copyOf(specs.values());
  }

  List<Rule> rules() {
    return rules;
  }

  void read(Declared inputs, Declared preprocess) {
    boolean stepped = preprocess.isPresent();
    if (stepped) {
      inputs.members().forEach((name, declared) -> specs.put(name, steppedSpec(name, declared)));
      takeFromGraph();
    } else {
      inputs.rejectUnknown("input of the graph", Agreement.names(draft.inputs));
      draft.inputs.forEach(graph -> specs.put(graph.name(), plainSpec(graph, inputs.at(graph.name()))));
    }
    specs.values().forEach(spec -> readRules(spec, inputs.at(spec.name())));
    if (stepped) {
      compareWithGraph(preprocess);
    }
  }

  private TensorSpec plainSpec(TensorSpec graph, Declared declared) {
    var said = new TensorSpec(graph.name(), SpecReader.type(declared.at("datatype"), graph.type()), SpecReader.shape(declared.at("shape"), graph.dimensions()), graph.columns(), graph.presence());
    Optional<String> conflict = Agreement.conflict(said, graph);
    if (conflict.isPresent()) {
      declared.problem(conflict.get() + " (expected: the same, or preprocess steps that make one from the other)");
      return graph;
    }
    TensorSpec spec = Agreement.withDimensions(graph, Agreement.narrowed(graph.dimensions(), said.dimensions()));
    return present(SpecReader.withColumns(spec, declared.at("columns")), declared);
  }

  private TensorSpec steppedSpec(String name, Declared declared) {
    Optional<TensorSpec> graph = Agreement.find(draft.inputs, name);
    Declared type = declared.at("datatype");
    Declared shape = declared.at("shape");
    if (graph.isEmpty() && !type.isPresent()) {
      type.problem("is missing: the graph has no input '" + name + "' to take it from (expected: a data type such as FP32)");
    }
    if (graph.isEmpty() && !shape.isPresent()) {
      shape.problem("is missing: the graph has no input '" + name + "' to take it from (expected: a shape such as [-1, 1])");
    }
    boolean sameShape = graph.isPresent() && !shape.isPresent();
    var spec =
        new TensorSpec(
            name,
            SpecReader.type(type, graph.map(TensorSpec::type).orElse(DataType.FP32)),
            SpecReader.shape(shape, graph.map(TensorSpec::dimensions).orElse(List.of(new Dimension.Free()))),
            sameShape ? graph.get().columns() : List.of(),
            graph.map(TensorSpec::presence).orElse(TensorSpec.Presence.REQUIRED));
    return present(SpecReader.withColumns(spec, declared.at("columns")), declared);
  }

  /// Only what nothing needs may be left out.
  private TensorSpec present(TensorSpec spec, Declared declared) {
    boolean optional = declared.at("optional").flag(spec.presence() == TensorSpec.Presence.OPTIONAL);
    boolean needed = Agreement.find(draft.inputs, spec.name()).filter(graph -> graph.presence() == TensorSpec.Presence.REQUIRED).isPresent();
    boolean read = steps.stream().anyMatch(step -> step.step().reads().contains(spec.name()));
    if (optional && (needed || read)) {
      declared.at("optional").problem("is true, but " + (needed ? "the graph requires" : "a preprocess step reads") + " '" + spec.name() + "' (expected: false; nullable allows missing values)");
    }
    return new TensorSpec(spec.name(), spec.type(), spec.dimensions(), spec.columns(), optional ? TensorSpec.Presence.OPTIONAL : TensorSpec.Presence.REQUIRED);
  }

  /// Undeclared inputs: those that a step reads before any step made them, and those that no step makes.
  private void takeFromGraph() {
    List<TensorSpec> current = specs();
    for (DeclaredStep each : steps) {
      for (String read : each.step().reads()) {
        if (Agreement.find(current, read).isEmpty()) {
          current = with(current, take(read));
        }
      }
      Optional<List<TensorSpec>> after = tried(each, current);
      if (after.isEmpty()) {
        return;
      }
      current = after.get();
    }
    for (TensorSpec graph : draft.inputs) {
      if (Agreement.find(current, graph.name()).isEmpty() && !specs.containsKey(graph.name())) {
        take(graph.name());
      }
    }
  }

  private Optional<TensorSpec> take(String name) {
    Optional<TensorSpec> graph = Agreement.find(draft.inputs, name).filter(spec -> !specs.containsKey(spec.name()));
    graph.ifPresent(spec -> specs.put(name, spec));
    return graph;
  }

  private static List<TensorSpec> with(List<TensorSpec> specs, Optional<TensorSpec> more) {
    var all = new ArrayList<>(specs);
    more.ifPresent(all::add);
    return all;
  }

  /// The specs after one step; its problems are reported later, when all steps run on all inputs.
  private static Optional<List<TensorSpec>> tried(DeclaredStep each, List<TensorSpec> before) {
    try {
      return Optional.of(each.step().specs(before));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
  }

  private void readRules(TensorSpec spec, Declared declared) {
    FieldRef whole = FieldRef.of(spec.name());
    var reader = new RuleReader(rules, draft);
    boolean nullable = reader.read(whole, spec.type(), declared, false);
    reader.readRows(spec, declared.at("rows"));
    Declared fields = declared.at("fields");
    if (fields.isPresent()) {
      fields.rejectUnknown("column of '" + spec.name() + "'", spec.columns());
    }
    for (String column : spec.columns()) {
      Declared field = fields.at(column);
      reader.read(new FieldRef(spec.name(), column), spec.type(), field, nullable);
      if (field.isPresent()) {
        field.rejectOthers();
      }
    }
    if (declared.isPresent()) {
      declared.at("datatype");
      declared.at("shape");
      declared.at("columns");
      declared.at("optional");
      declared.rejectOthers();
    }
  }

  private void compareWithGraph(Declared preprocess) {
    if (preprocess.elements().size() != steps.size()) {
      return;
    }
    StepReader.specsAfter(steps, specs()).ifPresent(made -> {
      for (TensorSpec graph : draft.inputs) {
        compare(graph, made, preprocess);
      }
      List<String> left = new ArrayList<>(Agreement.names(made));
      left.removeAll(Agreement.names(draft.inputs));
      if (!left.isEmpty()) {
        preprocess.problem("leaves tensors that the graph does not take: " + Declared.listed(left) + " (expected: only " + Declared.listed(Agreement.names(draft.inputs)) + "; a drop step removes the others)");
      }
    });
  }

  private static void compare(TensorSpec graph, List<TensorSpec> made, Declared preprocess) {
    Optional<TensorSpec> found = Agreement.find(made, graph.name());
    if (found.isEmpty() && graph.presence() == TensorSpec.Presence.REQUIRED) {
      preprocess.problem("makes no tensor '" + graph.name() + "' (expected: " + Agreement.shown(graph) + " for the graph; there are " + Declared.listed(Agreement.names(made)) + ")");
    } else if (found.isPresent() && !Agreement.fits(found.get(), graph)) {
      preprocess.problem("makes '" + graph.name() + "' as " + Agreement.shown(found.get()) + ", the graph takes " + Agreement.shown(graph) + " (expected: the same data type and shape)");
    }
  }
}
