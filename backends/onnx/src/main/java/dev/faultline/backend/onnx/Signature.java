package dev.faultline.backend.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.faultline.contract.Dimension;
import dev.faultline.contract.TensorSpec;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Value;
import dev.faultline.graph.ValueType;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.serving.backend.LoadException;
import dev.faultline.tensor.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a model takes and gives, in the file's order: declared by the file, completed by the engine.
///
/// `unranked` names the outputs whose number of dimensions nobody knows before a run; their spec has none.
record Signature(List<TensorSpec> inputs, List<TensorSpec> outputs, Set<String> unranked) {

  Signature {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    unranked = Set.copyOf(unranked);
  }

  /// Before the engine is asked: refuses what no request can carry, naming it.
  static void requireServable(Graph graph, LoadFaults faults) throws LoadException {
    for (Value input : graph.inputs()) {
      requireTensor("input", input, graph, faults);
      if (input.type() instanceof ValueType.Unranked) {
        throw faults.rankUnknown(input.name());
      }
    }
    for (Value output : graph.outputs()) {
      requireTensor("output", output, graph, faults);
    }
  }

  private static void requireTensor(String side, Value value, Graph graph, LoadFaults faults) throws LoadException {
    boolean carried = !(value.type() instanceof ValueType.Other) && ElementTypes.isCarried(value.element());
    if (!carried) {
      TypeProto type = TypeWords.declared(graph, value.name());
      throw faults.typeUnsupported(side, value.name(), TypeWords.of(type), TypeWords.mend(type));
    }
  }

  /// The same with the names of classes on the last axis of outputs that were maps of them.
  Signature withClasses(Map<String, List<String>> classes) {
    return new Signature(inputs, outputs.stream().map(spec -> withClasses(spec, classes.getOrDefault(spec.name(), List.of()))).toList(), unranked);
  }

  private TensorSpec withClasses(TensorSpec spec, List<String> classes) {
    boolean distinct = !classes.isEmpty() && classes.stream().distinct().count() == classes.size() && !classes.contains("");
    if (!distinct) {
      return spec;
    }
    List<Dimension> dimensions = new ArrayList<>(unranked.contains(spec.name()) ? List.of(new Dimension.Free(), new Dimension.Free()) : spec.dimensions());
    if (dimensions.isEmpty() || (dimensions.getLast() instanceof Dimension.Fixed(long extent) && extent != classes.size())) {
      return spec;
    }
    dimensions.set(dimensions.size() - 1, new Dimension.Fixed(classes.size()));
    return TensorSpec.of(spec.name(), spec.type(), dimensions).withColumns(classes);
  }

  static Signature of(Graph graph, OrtSession session, LoadFaults faults) throws OrtException, LoadException {
    Map<String, String> aliases = UnsignedInputs.aliases(graph);
    Map<String, NodeInfo> takes = session.getInputInfo();
    Map<String, NodeInfo> gives = session.getOutputInfo();
    List<TensorSpec> inputs = new ArrayList<>();
    for (Value input : graph.inputs()) {
      TensorInfo info = tensor("input", takes.get(aliases.getOrDefault(input.name(), input.name())), input, faults);
      DataType seen = type("input", info, input, faults);
      DataType type = aliases.containsKey(input.name()) ? ElementTypes.unsigned(seen) : seen;
      inputs.add(TensorSpec.of(input.name(), type, dimensions(info)));
    }
    List<TensorSpec> outputs = new ArrayList<>();
    for (Value output : graph.outputs()) {
      TensorInfo info = tensor("output", gives.get(output.name()), output, faults);
      outputs.add(TensorSpec.of(output.name(), type("output", info, output, faults), dimensions(info)));
    }
    return new Signature(inputs, outputs, unranked(graph, outputs));
  }

  /// The engine says the same of a scalar and of an unknown rank; only the file tells them apart.
  private static Set<String> unranked(Graph graph, List<TensorSpec> outputs) {
    Set<String> declared =
        graph.outputs().stream()
            .filter(output -> output.type() instanceof ValueType.Dense)
            .map(Value::name)
            .collect(Collectors.toSet());
    return outputs.stream()
        .filter(spec -> spec.dimensions().isEmpty() && !declared.contains(spec.name()))
        .map(TensorSpec::name)
        .collect(Collectors.toSet());
  }

  private static TensorInfo tensor(String side, @Nullable NodeInfo info, Value value, LoadFaults faults)
      throws LoadException {
    if (Objects.requireNonNull(info, value.name()).getInfo() instanceof TensorInfo tensor) {
      return tensor;
    }
    throw faults.typeUnsupported(side, value.name(), "what the engine calls " + info.getInfo(), TypeWords.EXPORT_TENSORS);
  }

  private static DataType type(String side, TensorInfo info, Value value, LoadFaults faults) throws LoadException {
    var type = ElementTypes.find(info.onnxType);
    if (type.isEmpty()) {
      throw faults.typeUnsupported(side, value.name(), "a tensor of " + ElementTypes.spoken(info.onnxType), TypeWords.CAST);
    }
    return type.get();
  }

  private static List<Dimension> dimensions(TensorInfo info) {
    long[] shape = info.getShape();
    String[] names = info.getDimensionNames();
    List<Dimension> dimensions = new ArrayList<>(shape.length);
    for (int axis = 0; axis < shape.length; axis++) {
      dimensions.add(dimension(shape[axis], names[axis]));
    }
    return dimensions;
  }

  private static Dimension dimension(long extent, String name) {
    if (extent >= 0) {
      return new Dimension.Fixed(extent);
    }
    return name.isEmpty() ? new Dimension.Free() : new Dimension.Symbolic(name);
  }
}
