package dev.faultline.graph;

import dev.faultline.graph.proto.AttributeProto;
import dev.faultline.graph.proto.NodeProto;
import java.util.List;
import java.util.Optional;

/// The constant arguments of a node, by name.
public final class NodeAttributes {

  private final NodeProto node;

  private NodeAttributes(NodeProto node) {
    this.node = node;
  }

  public static NodeAttributes of(Graph graph, Node node) {
    return new NodeAttributes(graph.proto(node));
  }

  public boolean has(String name) {
    return find(name).isPresent();
  }

  public long integer(String name, long otherwise) {
    return find(name).map(AttributeProto::getI).orElse(otherwise);
  }

  /// Empty when the node does not state them.
  public List<Long> integers(String name) {
    return find(name).map(AttributeProto::getIntsList).orElse(List.of());
  }

  public double number(String name, double otherwise) {
    return find(name).map(attribute -> (double) attribute.getF()).orElse(otherwise);
  }

  public String text(String name, String otherwise) {
    return find(name).map(attribute -> attribute.getS().toStringUtf8()).orElse(otherwise);
  }

  private Optional<AttributeProto> find(String name) {
    return ElementTypes.find(node, name);
  }
}
