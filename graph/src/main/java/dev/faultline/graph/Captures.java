package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Finds what the bodies of a control node read from outside.
///
/// A body sees every name of the graphs around it, so what it reads and does not define itself is an input of the control
/// node in all but name. Recursion is bounded: the parser refuses messages nested more than 100 deep.
final class Captures {

  private Captures() {}

  /// The bodies among a node's attributes.
  static List<GraphProto> bodies(NodeProto node) {
    List<GraphProto> bodies = new ArrayList<>();
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.hasG()) {
        bodies.add(attribute.getG());
      }
      bodies.addAll(attribute.getGraphsList());
    }
    return bodies;
  }

  static List<String> of(NodeProto node) {
    Set<String> captures = new LinkedHashSet<>();
    for (GraphProto body : bodies(node)) {
      captures.addAll(free(body));
    }
    return List.copyOf(captures);
  }

  private static Set<String> free(GraphProto body) {
    Set<String> defined = defined(body);
    Set<String> free = new LinkedHashSet<>();
    for (NodeProto node : body.getNodeList()) {
      free.addAll(node.getInputList());
      free.addAll(of(node));
    }
    body.getOutputList().forEach(output -> free.add(output.getName()));
    free.removeAll(defined);
    free.remove("");
    return free;
  }

  static Set<String> defined(GraphProto body) {
    Set<String> defined = new HashSet<>();
    body.getInputList().stream().map(ValueInfoProto::getName).forEach(defined::add);
    body.getInitializerList().forEach(tensor -> defined.add(tensor.getName()));
    body.getSparseInitializerList().forEach(tensor -> defined.add(tensor.getValues().getName()));
    body.getNodeList().forEach(node -> defined.addAll(node.getOutputList()));
    return defined;
  }
}
