package dev.faultline.isolation.localize;

import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphConstants;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeAttributes;
import dev.faultline.tensor.Tensor;
import dev.faultline.tensor.TensorSummary;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A blamed node's operands in the run that went wrong, fetched together with the values on their way from the request.
final class Examination {

  private final Graph graph;
  private final Node node;
  private final Bench.Values values;

  private Examination(Graph graph, Node node, Bench.Values values) {
    this.graph = graph;
    this.node = node;
    this.values = values;
  }

  static Examination of(Bench bench, Graph graph, Node node) {
    return of(bench, graph, node, Set.of());
  }

  /// @param more values to fetch as well
  static Examination of(Bench bench, Graph graph, Node node, Set<String> more) {
    Set<String> wanted = new LinkedHashSet<>(node.reads());
    wanted.addAll(more);
    node.reads().forEach(value -> wanted.addAll(ElementTrace.way(graph, value)));
    return new Examination(graph, node, bench.fetch(graph, wanted));
  }

  Optional<Tensor> tensor(String value) {
    return values.tensor(value);
  }

  /// Inputs by position, captured values after them.
  List<Operand> operands() {
    List<Operand> operands = new ArrayList<>();
    List<String> all = new ArrayList<>(node.inputs());
    all.addAll(node.captures());
    for (int position = 0; position < all.size(); position++) {
      String value = all.get(position);
      if (!value.isEmpty()) {
        operands.add(
            new Operand(position, value, source(value), values.shape(value).stream().toList(), values.tensor(value).map(TensorSummary::of).stream().toList()));
      }
    }
    return operands;
  }

  List<Offence> offences(Function<Given, List<Flaw>> rules) {
    ElementTrace trace = new ElementTrace(graph, values);
    return rules.apply(new Given(node, NodeAttributes.of(graph, node), values)).stream().map(flaw -> offence(flaw, trace)).toList();
  }

  private Offence offence(Flaw flaw, ElementTrace trace) {
    String value = node.inputs().get(flaw.position());
    boolean whole = flaw.flat() == Flaw.SHAPE;
    List<Long> index = whole ? List.of() : values.tensor(value).map(Tensor::shape).orElseThrow().coordinates(flaw.flat());
    List<ElementSource> from = whole ? trace.mixed(value) : trace.sources(value, flaw.flat());
    return new Offence(flaw.words(), flaw.position(), value, index, flaw.got(), flaw.want(), from);
  }

  private Operand.Source source(String value) {
    if (graph.inputs().stream().anyMatch(input -> input.name().equals(value))) {
      return Operand.Source.INPUT;
    }
    boolean constant = graph.initializers().containsKey(value) || GraphConstants.find(graph, value).isPresent();
    return constant ? Operand.Source.INITIALIZER : Operand.Source.COMPUTED;
  }
}
