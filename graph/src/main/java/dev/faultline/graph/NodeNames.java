package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.FunctionProto;
import dev.faultline.graph.proto.GraphProto;
import dev.faultline.graph.proto.ModelProto;
import dev.faultline.graph.proto.NodeProto;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Gives every node a name of its own, because a runtime's error names a node by nothing else.
///
/// A node without a name is called by its operator and index, `Gather_41`; inside a body it is called after the control node
/// and the branch too, `If_3/then_branch/Gather_0`; inside a model-local function after the function. Of nodes that share a
/// name the first keeps it and the others get `_2`, `_3` and so on. Names in the file are never taken by a node without one, and
/// equal graphs get equal names. A graph that needs no names is returned as it is.
public final class NodeNames {

  private final Set<String> stated = new HashSet<>();
  private final Set<String> given = new HashSet<>();

  private NodeNames() {}

  /// The graph with every node named, bodies and model-local functions included.
  public static Graph complete(Graph graph) {
    ModelProto model = graph.model();
    NodeNames names = new NodeNames();
    names.collect(model.getGraph().getNodeList());
    model.getFunctionsList().forEach(function -> names.collect(function.getNodeList()));
    ModelProto.Builder named = model.toBuilder().setGraph(names.name(model.getGraph(), ""));
    for (int i = 0; i < named.getFunctionsCount(); i++) {
      named.setFunctions(i, names.name(named.getFunctions(i)));
    }
    ModelProto result = named.build();
    return result.equals(model) ? graph : Graph.of(result);
  }

  private void collect(List<NodeProto> nodes) {
    for (NodeProto node : nodes) {
      stated.add(node.getName());
      Captures.bodies(node).forEach(body -> collect(body.getNodeList()));
    }
  }

  private GraphProto name(GraphProto graph, String prefix) {
    GraphProto.Builder named = graph.toBuilder();
    for (int i = 0; i < named.getNodeCount(); i++) {
      named.setNode(i, name(named.getNode(i), prefix, i));
    }
    return named.build();
  }

  private FunctionProto name(FunctionProto function) {
    FunctionProto.Builder named = function.toBuilder();
    for (int i = 0; i < named.getNodeCount(); i++) {
      named.setNode(i, name(named.getNode(i), function.getName() + "/", i));
    }
    return named.build();
  }

  private NodeProto name(NodeProto node, String prefix, int index) {
    String name = node.getName().isEmpty() ? unused(prefix + node.getOpType() + "_" + index) : own(node.getName());
    NodeProto.Builder named = node.toBuilder().setName(name);
    for (int i = 0; i < named.getAttributeCount(); i++) {
      AttributeProto attribute = named.getAttribute(i);
      if (attribute.hasG() || attribute.getGraphsCount() > 0) {
        named.setAttribute(i, name(attribute, name + "/" + attribute.getName()));
      }
    }
    return named.build();
  }

  private AttributeProto name(AttributeProto attribute, String prefix) {
    AttributeProto.Builder named = attribute.toBuilder();
    if (attribute.hasG()) {
      named.setG(name(attribute.getG(), prefix + "/"));
    }
    for (int i = 0; i < named.getGraphsCount(); i++) {
      named.setGraphs(i, name(named.getGraphs(i), prefix + "_" + i + "/"));
    }
    return named.build();
  }

  /// The stated name if it is still free.
  private String own(String name) {
    return given.add(name) ? name : unused(name);
  }

  private String unused(String wanted) {
    String name = wanted;
    for (int i = 2; stated.contains(name) || !given.add(name); i++) {
      name = wanted + "_" + i;
    }
    return name;
  }
}
