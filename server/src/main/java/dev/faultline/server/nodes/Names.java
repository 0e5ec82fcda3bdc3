package dev.faultline.server.nodes;

import dev.faultline.backend.onnx.NodeSources;
import dev.faultline.fault.NodeRef;
import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphAlignment;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.Node;
import dev.faultline.graph.NodeNames;
import dev.faultline.server.nodes.NodeTrace.EngineNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What the nodes of one version are called in a report: as its file calls them, not as the engine calls what it made of them; and those of
/// the version that it is compared with as their partners here, so that exporters which number nodes anew do not make all of them new.
final class Names {
  private final NodeSources sources;
  private final Map<String, String> partners;

  private Names(NodeSources sources, Map<String, String> partners) {
    this.sources = sources;
    this.partners = Map.copyOf(partners);
  }

  static Names of(Path file) {
    return new Names(NodeSources.of(file), Map.of());
  }

  /// Of the version in `file`, which is compared with that in `later`.
  static Names of(Path file, Path later) {
    Graph before = NodeNames.complete(GraphReader.read(file));
    Graph after = NodeNames.complete(GraphReader.read(later));
    GraphAlignment alignment = GraphAlignment.of(before, after);
    var partners = new HashMap<String, String>();
    for (Node node : after.nodes()) {
      alignment.good(node).ifPresent(partner -> partners.put(partner.name(), node.name()));
    }
    return new Names(NodeSources.of(file), partners);
  }

  Timed of(EngineNode node) {
    Optional<NodeRef> source = sources.find(node.name());
    String name = source.map(NodeRef::name).orElse(node.name());
    return Timed.node(partners.getOrDefault(name, name), source.map(NodeRef::op).orElse(node.op()));
  }
}
