package dev.faultline.backend.onnx;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.Node;
import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The nodes of the model file by the names under which the engine speaks of them, those inside bodies included.
///
/// The engine renames what it fuses, in a few ways that keep a source name in front: `fused fc1` (with its activation),
/// `fc1/MatMulAddFusion` (with its bias), `mm/MatmulTransposeFusion/`. A name made up from scratch resolves to nothing.
final class SourceNodes {

  /// A node of the file: its place among the graph's nodes, -1 inside a body, and what it can see.
  record Located(NodeProto proto, int index, Scope scope) {

    NodeRef ref() {
      String output = proto.getOutputList().stream().filter(name -> !name.isEmpty()).findFirst().orElse("");
      return new NodeRef(index, proto.getName(), proto.getOpType(), output);
    }

    String operand(int position) {
      return position < proto.getInputCount() ? proto.getInput(position) : "";
    }
  }

  private static final Pattern FUSED = Pattern.compile("fused (.+)");
  private static final Pattern REWRITTEN = Pattern.compile("(.+)/[A-Za-z]*(?:Fusion|_transformed|Transformer)[A-Za-z0-9_]*/?");

  private final Map<String, Located> byName = new LinkedHashMap<>();

  private SourceNodes() {}

  /// @param graph every node of it has a name
  static SourceNodes of(Graph graph) {
    SourceNodes nodes = new SourceNodes();
    nodes.add(graph.model().getGraph(), Optional.empty());
    return nodes;
  }

  /// The node that the engine means.
  Optional<Located> find(String engineName) {
    Located exact = byName.get(engineName);
    return exact != null ? Optional.of(exact) : inner(engineName).flatMap(this::find);
  }

  /// Every node, those of bodies after the node that they belong to.
  Collection<Located> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  static NodeRef ref(Node node, String output) {
    return new NodeRef(node.index(), node.name(), node.op(), output);
  }

  static String firstOutput(Node node) {
    return node.writes().stream().findFirst().orElse("");
  }

  /// The name with one layer of the engine's additions taken off; every layer makes it shorter, so this ends.
  private static Optional<String> inner(String engineName) {
    for (Pattern pattern : List.of(FUSED, REWRITTEN)) {
      Matcher matcher = pattern.matcher(engineName);
      if (matcher.matches()) {
        return Optional.of(matcher.group(1));
      }
    }
    return Optional.empty();
  }

  private void add(GraphProto graph, Optional<Scope> outer) {
    Scope scope = Scope.of(graph, outer);
    for (int i = 0; i < graph.getNodeCount(); i++) {
      NodeProto node = graph.getNode(i);
      byName.putIfAbsent(node.getName(), new Located(node, outer.isEmpty() ? i : -1, scope));
      for (AttributeProto attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          add(attribute.getG(), Optional.of(scope));
        }
        attribute.getGraphsList().forEach(body -> add(body, Optional.of(scope)));
      }
    }
  }
}
