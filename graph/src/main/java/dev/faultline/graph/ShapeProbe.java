package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import dev.faultline.tensor.Shape;
import dev.faultline.tensor.Tensor;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedSet;

/// A backward slice that says how large its values are and nothing else, so that it can be asked before they are brought out.
public final class ShapeProbe {

  private static final String SUFFIX = "/shape of it";

  private ShapeProbe() {}

  /// A model whose outputs are the shapes of these values.
  ///
  /// @throws GraphException if the graph has no value of such a name
  public static Graph of(Graph graph, Collection<String> values) {
    SequencedSet<String> wanted = new LinkedHashSet<>(values);
    Graph slice = GraphSlice.of(graph, wanted);
    GraphProto.Builder probe = slice.model().getGraph().toBuilder().clearOutput();
    for (String value : wanted) {
      String shape = value + SUFFIX;
      probe.addNode(NodeProto.newBuilder().setOpType("Shape").setName(shape).addAllInput(List.of(value)).addOutput(shape));
      probe.addOutput(ValueInfoProto.newBuilder().setName(shape));
    }
    return slice.with(probe.build());
  }

  /// What such a model said of a value.
  public static Shape shape(Map<String, Tensor> outputs, String value) {
    Tensor extents = Objects.requireNonNull(outputs.get(value + SUFFIX), value);
    long[] shape = new long[extents.count()];
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = extents.longAt(axis);
    }
    return Shape.of(shape);
  }
}
