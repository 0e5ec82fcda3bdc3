package dev.faultline.serving.model;

import dev.faultline.serving.backend.Batching;
import dev.faultline.serving.backend.Limits;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.Rule;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.serving.model.TritonConfig.Port;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A Triton configuration held against the graph: what agrees makes the contract more exact, what contradicts is a problem, what has no
/// effect here is a warning.
final class TritonTerms {
  private static final String FILE = "config.pbtxt";

  private final TritonConfig config;
  private final Found.Candidate candidate;
  private final Draft draft;

  private TritonTerms(TritonConfig config, Found.Candidate candidate, Draft draft) {
    this.config = config;
    this.candidate = candidate;
    this.draft = draft;
  }

  static void apply(TritonConfig config, Found.Candidate candidate, Draft draft) {
    var terms = new TritonTerms(config, candidate, draft);
    draft.sources.add(FILE);
    draft.inputs = terms.held(config.inputs(), draft.inputs, "input");
    draft.outputs = terms.held(config.outputs(), draft.outputs, "output");
    draft.limits = terms.limits(draft.limits);
    terms.limitBatches();
    config.outputs().stream().filter(port -> !port.labelFilename().isEmpty()).forEach(port -> LabelFile.read(candidate.modelFolder(), port, draft));
    terms.warn();
  }

  private List<TensorSpec> held(List<Port> ports, List<TensorSpec> graph, String kind) {
    List<TensorSpec> specs = graph;
    for (Port port : ports) {
      Optional<TensorSpec> known = Agreement.find(graph, port.name());
      if (known.isEmpty()) {
        List<String> names = Agreement.names(graph);
        problem(port, kind, "is not in the graph" + Hint.of(port.name(), names) + " (expected: " + Declared.listed(names) + ")");
      } else {
        specs = held(port, known.get(), kind).map(replaceIn(specs)).orElse(specs);
      }
    }
    return specs;
  }

  private static java.util.function.Function<TensorSpec, List<TensorSpec>> replaceIn(List<TensorSpec> specs) {
    return spec -> Agreement.replaced(specs, spec);
  }

  private Optional<TensorSpec> held(Port port, TensorSpec graph, String kind) {
    var said = TensorSpec.of(port.name(), port.type(), port.dimensions());
    Optional<String> conflict = Agreement.conflict(said, graph);
    if (conflict.isPresent()) {
      String hint = port.dimensions().size() == graph.dimensions().size() + 1 && config.maxBatchSize() > 0 ? "; max_batch_size above 0 adds a batch axis to dims" : "";
      problem(port, kind, conflict.get() + " (expected: the same" + hint + ")");
      return Optional.empty();
    }
    if (config.maxBatchSize() > 0 && graph.dimensions().getFirst() instanceof Dimension.Fixed(long extent)) {
      problem(port, kind, "has a batch axis, as max_batch_size is " + config.maxBatchSize() + ", but the graph fixes the first axis to " + extent + " (expected: max_batch_size: 0, or a graph with an open first axis)");
      return Optional.empty();
    }
    warnAboutPort(port, graph, kind);
    return Optional.of(Agreement.withDimensions(graph, Agreement.narrowed(graph.dimensions(), port.dimensions())));
  }

  private void warnAboutPort(Port port, TensorSpec graph, String kind) {
    for (int axis = 0; axis < graph.dimensions().size(); axis++) {
      if (graph.dimensions().get(axis) instanceof Dimension.Fixed(long extent) && port.dimensions().get(axis) instanceof Dimension.Free) {
        warn(kind + " '" + port.name() + "' leaves axis " + axis + " open, the graph fixes it to " + extent + ", which holds");
      }
    }
    if (port.reshaped()) {
      warn(kind + " '" + port.name() + "' has a reshape, which is not applied: callers use the graph's shape " + Agreement.shown(graph.dimensions()));
    }
  }

  private void limitBatches() {
    for (TensorSpec input : draft.inputs) {
      if (config.maxBatchSize() > 0 && !input.dimensions().isEmpty() && !(input.dimensions().getFirst() instanceof Dimension.Fixed)) {
        draft.rules.add(new Rule.Rows(FieldRef.of(input.name()), config.maxBatchSize()));
      }
    }
  }

  private Limits limits(Limits known) {
    return new Limits(
        config.instances() > 0 ? config.instances() : known.instances(),
        config.queueCapacityMax() > 0 ? config.queueCapacityMax() : known.queueCapacityMax(),
        config.queueTimeoutMicros() > 0 ? Math.max(1, config.queueTimeoutMicros() / 1_000) : known.queueTimeoutMillis(),
        known.inferTimeoutMillis(),
        known.stopGraceMillis(),
        known.lostLanesMax(),
        known.adaptive(),
        batching(known.batching()));
  }

  /// `dynamic_batching` with a `max_batch_size` above 1 asks for batches, as it does in Triton.
  private Batching batching(Batching known) {
    return config.batches() && config.maxBatchSize() > 1
        ? new Batching(config.maxBatchSize(), config.queueDelayMicros(), config.preferredBatchSizes())
        : known;
  }

  private void warn() {
    var listed = new ArrayList<>(config.inputs().stream().map(Port::name).toList());
    if (!listed.isEmpty()) {
      draft.inputs.stream().filter(spec -> !listed.contains(spec.name())).forEach(spec -> warn("does not list the graph's input '" + spec.name() + "'"));
    }
    if (config.batches() && config.maxBatchSize() <= 1) {
      warn("dynamic_batching has no effect without a max_batch_size above 1; requests are not joined");
    }
    if (!config.name().isEmpty() && !config.name().equals(candidate.model())) {
      warn("name is '" + config.name() + "', but the model's folder is '" + candidate.model() + "', under which it is served");
    }
    String engine = config.backend().isEmpty() ? config.platform() : config.backend();
    if (!engine.isEmpty() && !engine.startsWith("onnxruntime")) {
      warn("names '" + engine + "', but the file is served with ONNX Runtime");
    }
    if (!config.parameters().isEmpty()) {
      warn("parameters " + Declared.listed(config.parameters().keySet().stream().sorted().toList()) + " have no effect here");
    }
    config.unread().forEach(field -> warn(field + " is not read"));
  }

  private void warn(String message) {
    draft.warnings.add(FILE + ": " + message);
  }

  private void problem(Port port, String kind, String message) {
    draft.problems.add(FILE + ": " + kind + " '" + port.name() + "'", message);
  }
}
