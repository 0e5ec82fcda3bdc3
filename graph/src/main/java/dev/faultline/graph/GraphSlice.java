package dev.faultline.graph;

import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;

/// Cuts a graph back to what some of its values need (Weiser's backward slice, 1981).
///
/// A runtime executes every node of a model whatever outputs are asked for, so a failing node can only be kept from running by
/// taking it out of the model.
public final class GraphSlice {

  private GraphSlice() {}

  /// A model whose outputs are these values, each once and in this order, and which holds nothing they do not need.
  ///
  /// @throws GraphException if the graph has no value of such a name
  public static Graph of(Graph graph, Collection<String> values) {
    SequencedSet<String> wanted = new LinkedHashSet<>(values);
    wanted.remove("");
    List<Node> ancestors = graph.ancestors(wanted);
    Set<String> used = new HashSet<>(wanted);
    ancestors.forEach(node -> used.addAll(node.reads()));
    ancestors.forEach(node -> used.addAll(node.writes()));

    GraphProto whole = graph.model().getGraph();
    GraphProto.Builder slice = whole.toBuilder();
    slice.clearNode();
    ancestors.forEach(node -> slice.addNode(graph.proto(node)));
    slice.clearOutput();
    wanted.forEach(value -> slice.addOutput(declaration(whole, value)));
    keepUsed(whole, slice, used);
    return graph.with(slice.build());
  }

  private static void keepUsed(GraphProto whole, GraphProto.Builder slice, Set<String> used) {
    slice.clearInput().addAllInput(used(whole.getInputList(), used));
    slice.clearValueInfo().addAllValueInfo(used(whole.getValueInfoList(), used));
    slice.clearInitializer();
    whole.getInitializerList().stream().filter(tensor -> used.contains(tensor.getName())).forEach(slice::addInitializer);
    slice.clearSparseInitializer();
    whole.getSparseInitializerList().stream()
        .filter(tensor -> used.contains(tensor.getValues().getName()))
        .forEach(slice::addSparseInitializer);
    slice.clearQuantizationAnnotation();
    whole.getQuantizationAnnotationList().stream()
        .filter(annotation -> used.contains(annotation.getTensorName()))
        .forEach(slice::addQuantizationAnnotation);
  }

  private static List<ValueInfoProto> used(List<ValueInfoProto> values, Set<String> used) {
    return values.stream().filter(value -> used.contains(value.getName())).toList();
  }

  /// The declaration of an output or input where there is one, else the name alone, from which a runtime works out the rest.
  private static ValueInfoProto declaration(GraphProto whole, String value) {
    return find(whole.getOutputList(), value)
        .or(() -> find(whole.getInputList(), value))
        .orElseGet(() -> nameAndType(whole, value));
  }

  private static ValueInfoProto nameAndType(GraphProto whole, String value) {
    ValueInfoProto.Builder declaration = ValueInfoProto.newBuilder().setName(value);
    whole.getInitializerList().stream()
        .filter(tensor -> tensor.getName().equals(value))
        .findFirst()
        .ifPresent(tensor -> declaration.setType(Tensors.typeOf(tensor)));
    return declaration.build();
  }

  private static Optional<ValueInfoProto> find(List<ValueInfoProto> values, String name) {
    return values.stream().filter(value -> value.getName().equals(name)).findFirst();
  }
}
