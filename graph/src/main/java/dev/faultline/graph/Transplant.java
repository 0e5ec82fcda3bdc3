package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.NodeProto;
import dev.faultline.graph.proto.TensorProto;
import dev.faultline.graph.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The nodes of a body moved into the graph around it: what the body defines gets a prefix, what it captures keeps its name, and what it
/// is given goes by the names that `given` maps to.
final class Transplant {

  private final String prefix;
  private final Map<String, String> names;

  /// @param given by name of the body's inputs
  Transplant(String prefix, Map<String, String> given) {
    this.prefix = prefix;
    this.names = new HashMap<>(given);
    names.put("", "");
  }

  /// The body's nodes under their new names, and before that its constants and declarations added to `target`.
  List<NodeProto> move(GraphProto body, GraphProto.Builder target) {
    define(body.getInitializerList().stream().map(TensorProto::getName).toList());
    define(body.getSparseInitializerList().stream().map(tensor -> tensor.getValues().getName()).toList());
    body.getNodeList().forEach(node -> define(node.getOutputList()));
    body.getInitializerList().forEach(tensor -> target.addInitializer(tensor.toBuilder().setName(name(tensor.getName()))));
    body.getSparseInitializerList().forEach(
        tensor -> target.addSparseInitializer(tensor.toBuilder().setValues(tensor.getValues().toBuilder().setName(name(tensor.getValues().getName())))));
    for (ValueInfoProto value : body.getValueInfoList()) {
      target.addValueInfo(value.toBuilder().setName(name(value.getName())));
    }
    return body.getNodeList().stream().map(this::moved).toList();
  }

  /// The nodes of a function; `arguments` replaces an attribute that refers to the call's, or returns none where the call states none.
  List<NodeProto> move(List<NodeProto> nodes, Function<AttributeProto, List<AttributeProto>> arguments) {
    nodes.forEach(node -> define(node.getOutputList()));
    List<NodeProto> moved = new ArrayList<>();
    for (NodeProto node : nodes) {
      moved.add(moved(withArguments(node, arguments)));
    }
    return moved;
  }

  /// What a name of the body is called now.
  String name(String inner) {
    return names.getOrDefault(inner, inner);
  }

  private void define(List<String> defined) {
    defined.forEach(value -> names.putIfAbsent(value, prefix + value));
  }

  private NodeProto moved(NodeProto node) {
    return renamed(node, names).setName(prefix + node.getName()).build();
  }

  /// Also inside the bodies of the node, where a name that such a body defines itself means something else.
  private static NodeProto.Builder renamed(NodeProto node, Map<String, String> names) {
    NodeProto.Builder renamed = node.toBuilder().clearInput().clearOutput();
    node.getInputList().forEach(value -> renamed.addInput(names.getOrDefault(value, value)));
    node.getOutputList().forEach(value -> renamed.addOutput(names.getOrDefault(value, value)));
    for (int i = 0; i < renamed.getAttributeCount(); i++) {
      AttributeProto attribute = renamed.getAttribute(i);
      if (attribute.hasG() || attribute.getGraphsCount() > 0) {
        renamed.setAttribute(i, renamed(attribute, names));
      }
    }
    return renamed;
  }

  private static AttributeProto renamed(AttributeProto attribute, Map<String, String> names) {
    AttributeProto.Builder renamed = attribute.toBuilder();
    if (attribute.hasG()) {
      renamed.setG(captured(attribute.getG(), names));
    }
    for (int i = 0; i < renamed.getGraphsCount(); i++) {
      renamed.setGraphs(i, captured(renamed.getGraphs(i), names));
    }
    return renamed.build();
  }

  private static GraphProto captured(GraphProto body, Map<String, String> names) {
    Map<String, String> outer = new HashMap<>(names);
    outer.keySet().removeAll(Captures.defined(body));
    GraphProto.Builder renamed = body.toBuilder().clearNode().clearOutput();
    body.getNodeList().forEach(node -> renamed.addNode(renamed(node, outer)));
    body.getOutputList().forEach(output -> renamed.addOutput(output.toBuilder().setName(outer.getOrDefault(output.getName(), output.getName()))));
    return renamed.build();
  }

  private static NodeProto withArguments(NodeProto node, Function<AttributeProto, List<AttributeProto>> arguments) {
    NodeProto.Builder filled = node.toBuilder().clearAttribute();
    for (AttributeProto attribute : node.getAttributeList()) {
      filled.addAllAttribute(attribute.getRefAttrName().isEmpty() ? List.of(inBodies(attribute, arguments)) : arguments.apply(attribute));
    }
    return filled.build();
  }

  private static AttributeProto inBodies(AttributeProto attribute, Function<AttributeProto, List<AttributeProto>> arguments) {
    if (!attribute.hasG()) {
      return attribute;
    }
    GraphProto.Builder body = attribute.getG().toBuilder();
    for (int i = 0; i < body.getNodeCount(); i++) {
      body.setNode(i, withArguments(body.getNode(i), arguments));
    }
    return attribute.toBuilder().setG(body).build();
  }
}
