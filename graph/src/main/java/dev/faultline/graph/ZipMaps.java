package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.OperatorSetIdProto;
import dev.faultline.graph.proto.TypeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Classifiers whose probabilities leave the graph as maps, and the same graphs with tensors.
///
/// Converters of scikit-learn, LightGBM, XGBoost and CatBoost end a graph with `ZipMap`, which makes of each row of probabilities a map from class to
/// probability. No tensor protocol carries that, but the tensor in front of it says the same: its last axis has the classes in the order
/// of the node's labels.
public final class ZipMaps {
  private static final String OP = "ZipMap";
  private static final String ML = "ai.onnx.ml";
  private static final long OPSET_WITH_IDENTITY = 13;

  private ZipMaps() {}

  /// The class labels by graph output, for the outputs that a `ZipMap` makes.
  public static SequencedMap<String, List<String>> labels(Graph graph) {
    SequencedMap<String, List<String>> labels = new LinkedHashMap<>();
    for (Value output : graph.outputs()) {
      graph.findProducer(output.name()).filter(node -> isZipMap(graph, node)).ifPresent(node -> labels.put(output.name(), labels(graph.proto(node))));
    }
    return Collections.unmodifiableSequencedMap(labels);
  }

  /// The graph with an `Identity` in the place of each `ZipMap` that makes an output: the output keeps its name and becomes a tensor.
  public static Graph unwrapped(Graph graph) {
    SequencedMap<String, List<String>> zipped = labels(graph);
    if (zipped.isEmpty()) {
      return graph;
    }
    GraphProto.Builder changed = graph.model().getGraph().toBuilder();
    for (int i = 0; i < changed.getNodeCount(); i++) {
      if (isZipMap(graph, graph.nodes().get(i)) && zipped.containsKey(changed.getNode(i).getOutput(0))) {
        changed.setNode(i, identity(changed.getNode(i)));
      }
    }
    for (int i = 0; i < changed.getOutputCount(); i++) {
      if (zipped.containsKey(changed.getOutput(i).getName())) {
        changed.setOutput(i, tensor(changed.getOutput(i)));
      }
    }
    return withIdentity(graph).with(changed.build());
  }

  private static boolean isZipMap(Graph graph, Node node) {
    return node.op().equals(OP) && node.domain().equals(ML) && node.outputs().size() == 1 && graph.consumers(node.outputs().getFirst()).isEmpty();
  }

  private static List<String> labels(NodeProto node) {
    var labels = new ArrayList<String>();
    for (AttributeProto attribute : node.getAttributeList()) {
      switch (attribute.getName()) {
        case "classlabels_strings" -> attribute.getStringsList().forEach(label -> labels.add(label.toStringUtf8()));
        case "classlabels_int64s" -> attribute.getIntsList().forEach(label -> labels.add(String.valueOf(label)));
        default -> {}
      }
    }
    return labels;
  }

  private static NodeProto identity(NodeProto node) {
    return node.toBuilder().setOpType("Identity").clearDomain().clearAttribute().build();
  }

  private static ValueInfoProto tensor(ValueInfoProto output) {
    TypeProto.Tensor floats = TypeProto.Tensor.newBuilder().setElemType(ElementType.FLOAT.number()).build();
    return output.toBuilder().setType(TypeProto.newBuilder().setTensorType(floats)).build();
  }

  /// A graph of classifiers alone need not import the operators that `Identity` is among.
  private static Graph withIdentity(Graph graph) {
    if (graph.opsets().containsKey("")) {
      return graph;
    }
    return Graph.of(graph.model().toBuilder().addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(OPSET_WITH_IDENTITY)).build());
  }
}
