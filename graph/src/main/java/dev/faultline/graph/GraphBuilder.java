package dev.faultline.graph;

import dev.faultline.graph.proto.FunctionProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.OperatorSetIdProto;
import dev.faultline.graph.proto.StringStringEntryProto;
import dev.faultline.graph.proto.TensorShapeProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a model in code.
///
/// ```java
/// Graph graph = GraphBuilder.named("m")
///     .input("x", FLOAT, "batch", 4)
///     .initializer("w", weights, 4, 3)
///     .node("dense", "MatMul", List.of("x", "w"), List.of("h"))
///     .output("h", FLOAT, "batch", 3)
///     .build();
/// ```
///
/// Dimensions are whole numbers, names such as `"batch"`, or -1 where nothing is known; no dimensions at all mean a scalar.
/// Unless told otherwise a model is of IR version 9 with operator sets `ai.onnx` 17 and, if a node needs it, `ai.onnx.ml` 3:
/// what ONNX Runtime has read since 2023. Nothing is checked that a runtime checks: a broken model is a wanted test case.
///
/// A builder is used by one thread; one whose [#build()] was called may be built upon and built again.
public final class GraphBuilder {

  private static final String ML = "ai.onnx.ml";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(9).setProducerName("faultline");
  private final Map<String, Long> opsets = new LinkedHashMap<>(Map.of("", 17L));

  private GraphBuilder(String name) {
    graph.setName(name);
  }

  /// A builder of a model, or of a body for [Attribute#ofBody], of this name.
  public static GraphBuilder named(String name) {
    return new GraphBuilder(name);
  }

  public GraphBuilder irVersion(long version) {
    model.setIrVersion(version);
    return this;
  }

  /// Sets the version of a domain's operators; ONNX's own domain is the empty string.
  public GraphBuilder opset(String domain, long version) {
    opsets.put(domain, version);
    return this;
  }

  public GraphBuilder producer(String name, String version) {
    model.setProducerName(name).setProducerVersion(version);
    return this;
  }

  public GraphBuilder metadata(String key, String value) {
    model.addMetadataProps(StringStringEntryProto.newBuilder().setKey(key).setValue(value));
    return this;
  }

  public GraphBuilder input(String name, ElementType type, Object... dims) {
    graph.addInput(declared(name, type, dims));
    return this;
  }

  public GraphBuilder output(String name, ElementType type, Object... dims) {
    graph.addOutput(declared(name, type, dims));
    return this;
  }

  /// Adds an output of which only the name is declared; ONNX Runtime works out the rest.
  public GraphBuilder output(String name) {
    graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    return this;
  }

  /// Declares the type of a value between nodes, as exporters do; a runtime does not need it.
  public GraphBuilder valueInfo(String name, ElementType type, Object... dims) {
    graph.addValueInfo(declared(name, type, dims));
    return this;
  }

  public GraphBuilder initializer(String name, float[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  public GraphBuilder initializer(String name, double[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  public GraphBuilder initializer(String name, long[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  public GraphBuilder initializer(String name, int[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  public GraphBuilder initializer(String name, boolean[] values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  public GraphBuilder initializer(String name, List<String> values, long... shape) {
    graph.addInitializer(Tensors.of(name, values, shape));
    return this;
  }

  /// Adds a node of ONNX's own domain. An empty `name` leaves the node unnamed; an empty input or output leaves it out.
  public GraphBuilder node(String name, String op, List<String> inputs, List<String> outputs, Attribute... attributes) {
    return node("", name, op, inputs, outputs, attributes);
  }

  /// Adds a node of the domain `ai.onnx.ml`: classifiers, encoders, scalers.
  public GraphBuilder mlNode(String name, String op, List<String> inputs, List<String> outputs, Attribute... attributes) {
    return node(ML, name, op, inputs, outputs, attributes);
  }

  /// Adds a node of any domain; declare its version with [#opset(String, long)].
  public GraphBuilder node(
      String domain, String name, String op, List<String> inputs, List<String> outputs, Attribute... attributes) {
    if (domain.equals(ML)) {
      opsets.putIfAbsent(ML, 3L);
    }
    NodeProto.Builder node = NodeProto.newBuilder().setOpType(op).addAllInput(inputs).addAllOutput(outputs);
    if (!name.isEmpty()) {
      node.setName(name);
    }
    if (!domain.isEmpty()) {
      node.setDomain(domain);
    }
    for (Attribute attribute : attributes) {
      node.addAttribute(attribute.proto());
    }
    graph.addNode(node);
    return this;
  }

  /// Adds a function of the model: the nodes of `body`, whose inputs and outputs go by these names. Nodes call it as an operator of its
  /// domain; declare the domain's version with [#opset(String, long)].
  public GraphBuilder function(String domain, String name, List<String> inputs, List<String> outputs, GraphBuilder body) {
    FunctionProto.Builder function =
        FunctionProto.newBuilder().setDomain(domain).setName(name).addAllInput(inputs).addAllOutput(outputs).addAllNode(body.body().getNodeList());
    body.body().getNodeList().forEach(node -> node.getAttributeList().forEach(each -> addParameter(function, each.getRefAttrName())));
    body.opsets.forEach((each, version) -> function.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(each).setVersion(version)));
    model.addFunctions(function);
    return this;
  }

  private static void addParameter(FunctionProto.Builder function, String parameter) {
    if (!parameter.isEmpty() && !function.getAttributeList().contains(parameter)) {
      function.addAttribute(parameter);
    }
  }

  /// The graph so far.
  ///
  /// @throws GraphException if it has a cycle or two nodes make the same value
  public Graph build() {
    ModelProto.Builder complete = model.clone().setGraph(graph.build());
    opsets.forEach(
        (domain, version) ->
            complete.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version)));
    return Graph.of(complete.build());
  }

  /// The graph so far as the bytes of a model file.
  public byte[] bytes() {
    return GraphWriter.bytes(build());
  }

  GraphProto body() {
    return graph.build();
  }

  private static ValueInfoProto declared(String name, ElementType type, Object... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Object dim : dims) {
      shape.addDim(Dim.of(dim).toProto());
    }
    TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder().setElemType(type.number()).setShape(shape).build();
    return ValueInfoProto.newBuilder().setName(name).setType(TypeProto.newBuilder().setTensorType(tensor)).build();
  }
}
