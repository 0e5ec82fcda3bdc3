package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.TensorShapeProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import dev.faultline.tensor.DataType;
import dev.faultline.tensor.Tensor;
import java.util.Collection;

/// A model of one node and its constants, whose inputs are what it was given elsewhere: so it can be asked what *it* makes of them.
public final class NodeAlone {

  private NodeAlone() {}

  /// @param given tensors under the names that the node reads; of the rest only constants are there
  public static Graph of(Graph graph, Node node, Collection<Tensor> given) {
    GraphProto whole = graph.model().getGraph();
    GraphProto.Builder alone = GraphProto.newBuilder().setName(whole.getName()).addNode(graph.proto(node));
    given.forEach(tensor -> alone.addInput(declared(tensor)));
    node.writes().forEach(value -> alone.addOutput(ValueInfoProto.newBuilder().setName(value)));
    whole.getInitializerList().stream()
        .filter(tensor -> node.reads().contains(tensor.getName()) && given.stream().noneMatch(each -> each.name().equals(tensor.getName())))
        .forEach(alone::addInitializer);
    return graph.with(alone.build());
  }

  private static ValueInfoProto declared(Tensor tensor) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (int axis = 0; axis < tensor.shape().rank(); axis++) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(tensor.shape().extent(axis)));
    }
    TypeProto.Tensor type = TypeProto.Tensor.newBuilder().setElemType(elementType(tensor.type()).number()).setShape(shape).build();
    return ValueInfoProto.newBuilder().setName(tensor.name()).setType(TypeProto.newBuilder().setTensorType(type)).build();
  }

  private static ElementType elementType(DataType type) {
    return switch (type) {
      case FP16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      case FP32 -> ElementType.FLOAT;
      case FP64 -> ElementType.DOUBLE;
      case BYTES -> ElementType.STRING;
      case BOOL, UINT8, UINT16, UINT32, UINT64, INT8, INT16, INT32, INT64 -> ElementType.valueOf(type.name());
    };
  }
}
