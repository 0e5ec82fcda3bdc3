package dev.faultline.serving.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.FieldRef;
import dev.faultline.contract.TensorSpec;
import dev.faultline.serving.declaration.Declared;
import dev.faultline.serving.declaration.Document;
import dev.faultline.serving.declaration.Hint;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The signature in MLflow's `MLmodel`, held against the graph. Its parts are JSON in texts inside the YAML.
///
/// Two forms. Tensors: name, type and shape must agree with the graph's input of that name. Columns: each is an input of the graph, or all
/// of them in their order are the last axis of the graph's only input. Anything else would be a guess and is a problem. Outputs and
/// parameters only warn: what a Python wrapper returns need not be what the graph returns.
final class MlflowSignature {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, DataType> COLUMN_TYPES =
      Map.ofEntries(
          Map.entry("boolean", DataType.BOOL),
          Map.entry("integer", DataType.INT32),
          Map.entry("long", DataType.INT64),
          Map.entry("float", DataType.FP32),
          Map.entry("double", DataType.FP64),
          Map.entry("string", DataType.BYTES),
          Map.entry("binary", DataType.BYTES),
          Map.entry("datetime", DataType.BYTES),
          Map.entry("array", DataType.BYTES),
          Map.entry("object", DataType.BYTES),
          Map.entry("map", DataType.BYTES),
          Map.entry("any", DataType.BYTES));

  private static final Map<String, DataType> TENSOR_TYPES =
      Map.ofEntries(
          Map.entry("bool", DataType.BOOL),
          Map.entry("int8", DataType.INT8),
          Map.entry("int16", DataType.INT16),
          Map.entry("int32", DataType.INT32),
          Map.entry("int64", DataType.INT64),
          Map.entry("uint8", DataType.UINT8),
          Map.entry("uint16", DataType.UINT16),
          Map.entry("uint32", DataType.UINT32),
          Map.entry("uint64", DataType.UINT64),
          Map.entry("float16", DataType.FP16),
          Map.entry("float32", DataType.FP32),
          Map.entry("float64", DataType.FP64),
          Map.entry("object", DataType.BYTES),
          Map.entry("str", DataType.BYTES));

  private final String file;
  private final Draft draft;

  /// One column of a signature.
  private record Column(String name, String typeName, DataType type, boolean required, Declared at) {}

  private MlflowSignature(String file, Draft draft) {
    this.file = file;
    this.draft = draft;
  }

  static void apply(Document.Source source, Draft draft) {
    new MlflowSignature(source.name(), draft).apply(new Document(List.of(source), draft.problems).root());
  }

  private void apply(Declared root) {
    Declared signature = root.at("signature");
    Declared inputs = signature.at("inputs");
    if (!signature.isPresent() || !inputs.isPresent()) {
      warn("has no signature for its inputs: only the graph says what they are; MLflow stores none without a word when it cannot infer one");
      return;
    }
    draft.sources.add("MLmodel");
    json(inputs).ifPresent(this::applyInputs);
    json(signature.at("outputs")).ifPresent(this::compareOutputs);
    if (signature.at("params").isPresent()) {
      warn("signature.params is not read: requests carry no model parameters");
    }
  }

  private Optional<Declared> json(Declared text) {
    String name = text.where();
    if (!text.isPresent() || !text.isText()) {
      if (text.isPresent()) {
        text.expected("a text that holds JSON");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(new Document(List.of(new Document.Source(name, JSON.readTree(text.text("")))), draft.problems).root());
    } catch (JsonProcessingException e) {
      text.problem("is not JSON: " + e.getOriginalMessage());
      return Optional.empty();
    }
  }

  private void applyInputs(Declared list) {
    var columns = new ArrayList<Column>();
    List<Declared> entries = list.elements();
    for (int i = 0; i < entries.size(); i++) {
      Declared entry = entries.get(i);
      if (entry.at("type").scalar().orElse("").equals("tensor") || entry.at("tensor-spec").isPresent()) {
        applyTensor(entry, entries.size());
      } else {
        column(entry, i).ifPresent(columns::add);
      }
    }
    if (!columns.isEmpty() && columns.size() == entries.size()) {
      applyColumns(columns, list);
    }
  }

  private Optional<Column> column(Declared entry, int position) {
    String typeName = entry.at("type").scalar().orElse("").toLowerCase(Locale.ROOT);
    DataType type = COLUMN_TYPES.get(typeName);
    if (type == null) {
      entry.at("type").word(COLUMN_TYPES.keySet().stream().sorted().toList());
      return Optional.empty();
    }
    String name = entry.at("name").text("input-" + position);
    return Optional.of(new Column(name, typeName, type, entry.at("required").flag(true), entry));
  }

  private void applyTensor(Declared entry, int count) {
    Declared spec = entry.at("tensor-spec");
    String only = count == 1 && draft.inputs.size() == 1 ? draft.inputs.getFirst().name() : "";
    String name = entry.at("name").text(only);
    Optional<TensorSpec> graph = Agreement.find(draft.inputs, name);
    if (graph.isEmpty()) {
      List<String> names = Agreement.names(draft.inputs);
      entry.problem("is tensor '" + name + "', which the graph does not have" + Hint.of(name, names) + " (expected: " + Declared.listed(names) + ")");
      return;
    }
    DataType type = TENSOR_TYPES.get(spec.at("dtype").text("").replaceFirst("^<U\\d*$", "str"));
    if (type == null) {
      spec.at("dtype").word(TENSOR_TYPES.keySet().stream().sorted().toList());
      return;
    }
    var said = TensorSpec.of(name, type, SpecReader.shape(spec.at("shape"), graph.get().dimensions()));
    Optional<String> conflict = Agreement.conflict(said, graph.get());
    conflict.ifPresent(words -> entry.problem("'" + name + "' " + words + " (expected: the same)"));
    if (conflict.isEmpty()) {
      draft.inputs = Agreement.replaced(draft.inputs, Agreement.withDimensions(graph.get(), Agreement.narrowed(graph.get().dimensions(), said.dimensions())));
    }
  }

  private void applyColumns(List<Column> columns, Declared list) {
    List<String> names = columns.stream().map(Column::name).toList();
    List<String> inputs = Agreement.names(draft.inputs);
    if (inputs.containsAll(names)) {
      columns.forEach(this::applyAsInput);
      inputs.stream().filter(input -> !names.contains(input)).forEach(input -> warn("signature does not list the graph's input '" + input + "'"));
    } else if (inputs.size() == 1) {
      applyAsLastAxis(columns, names, list);
    } else {
      columns.stream().filter(column -> !inputs.contains(column.name())).forEach(column ->
          column.at().problem("is column '" + column.name() + "', which is no input of the graph" + Hint.of(column.name(), inputs) + " (expected: " + Declared.listed(inputs) + ")"));
    }
  }

  private void applyAsInput(Column column) {
    TensorSpec graph = Agreement.find(draft.inputs, column.name()).orElseThrow();
    if (accepts(column, graph.type())) {
      applyRequired(column, new FieldRef(column.name(), ""), graph.type());
    } else {
      column.at().problem("is column '" + column.name() + "' of " + column.typeName() + ", in the graph it is " + Agreement.shown(graph) + " (expected: types that can hold the same values)");
    }
  }

  private void applyAsLastAxis(List<Column> columns, List<String> names, Declared list) {
    TensorSpec graph = draft.inputs.getFirst();
    boolean known = !graph.dimensions().isEmpty() && graph.dimensions().getLast() instanceof Dimension.Fixed;
    if (!known || !SpecReader.canHave(graph, columns.size()) || names.stream().distinct().count() != names.size()) {
      list.problem("lists " + columns.size() + " columns, the graph's only input '" + graph.name() + "' is " + Agreement.shown(graph) + " (expected: as many different columns as its last axis has places)");
      return;
    }
    draft.inputs = List.of(SpecReader.named(graph, names));
    for (Column column : columns) {
      if (accepts(column, graph.type())) {
        applyRequired(column, new FieldRef(graph.name(), column.name()), graph.type());
      } else {
        column.at().problem("is column '" + column.name() + "' of " + column.typeName() + ", the graph's input '" + graph.name() + "' is " + graph.type() + " (expected: types that can hold the same values)");
      }
    }
  }

  private void applyRequired(Column column, FieldRef field, DataType type) {
    if (column.required()) {
      return;
    }
    if (type.isFloating() || type == DataType.BYTES) {
      draft.nullable.add(field);
    } else {
      warn("column '" + column.name() + "' is not required, but " + type + " has no missing value: a value is wanted all the same");
    }
  }

  /// A signature's number type says what people hold in their tables, not how the graph wants it: any number fits a floating type.
  private static boolean accepts(Column column, DataType graph) {
    return switch (column.type().kind()) {
      case TEXT -> graph == DataType.BYTES;
      case BOOLEAN -> graph != DataType.BYTES;
      case INTEGER -> graph.isInteger() || graph.isFloating();
      case FLOATING -> graph.isFloating();
    };
  }

  private void compareOutputs(Declared list) {
    List<String> names = Agreement.names(draft.outputs);
    for (Declared entry : list.elements()) {
      String name = entry.at("name").text("");
      if (!name.isEmpty() && !names.contains(name)) {
        warn("signature.outputs has '" + name + "', which is no output of the graph" + Hint.of(name, names) + "; the graph's outputs are " + Declared.listed(names));
      }
    }
  }

  private void warn(String message) {
    draft.warnings.add(file + ": " + message);
  }
}
