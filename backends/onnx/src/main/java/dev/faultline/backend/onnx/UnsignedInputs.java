package dev.faultline.backend.onnx;

import dev.faultline.graph.ElementType;
import dev.faultline.graph.Graph;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.Map;
import java.util.stream.Collectors;

/// Inputs of unsigned integers beyond eight bits, which the Java binding cannot make tensors of.
///
/// Such an input `x` becomes `x as bits`, a signed integer of the same width, and a `Cast` in front of the graph turns it back into `x`.
/// Casting between integers of one width keeps all bits, so every value arrives as it was sent.
final class UnsignedInputs {

  private static final Map<ElementType, ElementType> SIGNED =
      Map.of(
          ElementType.UINT16, ElementType.INT16,
          ElementType.UINT32, ElementType.INT32,
          ElementType.UINT64, ElementType.INT64);

  private UnsignedInputs() {}

  /// The graph that the binding can feed.
  static Graph rewrite(Graph graph) {
    if (aliases(graph).isEmpty()) {
      return graph;
    }
    GraphProto source = graph.model().getGraph();
    GraphProto.Builder rewritten = source.toBuilder().clearNode();
    for (int i = 0; i < source.getInputCount(); i++) {
      ValueInfoProto input = source.getInput(i);
      ElementType signed = SIGNED.get(ElementType.of(input.getType().getTensorType().getElemType()));
      if (signed != null && !graph.initializers().containsKey(input.getName())) {
        rewritten.setInput(i, asBits(input, signed)).addNode(cast(input));
      }
    }
    rewritten.addAllNode(source.getNodeList());
    return Graph.of(graph.model().toBuilder().setGraph(rewritten).build());
  }

  /// Name that the engine knows by name of the input, for the inputs that were rewritten.
  static Map<String, String> aliases(Graph graph) {
    return graph.inputs().stream()
        .filter(input -> SIGNED.containsKey(input.element()))
        .collect(Collectors.toMap(input -> input.name(), input -> alias(input.name())));
  }

  private static String alias(String input) {
    return input + " as bits";
  }

  private static ValueInfoProto asBits(ValueInfoProto input, ElementType signed) {
    ValueInfoProto.Builder renamed = input.toBuilder().setName(alias(input.getName()));
    renamed.getTypeBuilder().getTensorTypeBuilder().setElemType(signed.number());
    return renamed.build();
  }

  private static NodeProto cast(ValueInfoProto input) {
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .setName(input.getName() + " from bits")
        .addInput(alias(input.getName()))
        .addOutput(input.getName())
        .addAttribute(
            AttributeProto.newBuilder()
                .setName("to")
                .setType(AttributeProto.AttributeType.INT)
                .setI(input.getType().getTensorType().getElemType()))
        .build();
  }
}
