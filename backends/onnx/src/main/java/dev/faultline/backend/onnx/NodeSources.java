package dev.faultline.backend.onnx;

import dev.faultline.fault.NodeRef;
import dev.faultline.graph.GraphReader;
import dev.faultline.graph.NodeNames;
import dev.faultline.graph.ZipMaps;
import java.nio.file.Path;
import java.util.Optional;

/// Which node of a model file the engine means when it names one of the graph that it runs: it fuses and rewrites nodes, and most of
/// the names that it makes keep one of the file's.
public final class NodeSources {
  private final SourceNodes nodes;

  private NodeSources(SourceNodes nodes) {
    this.nodes = nodes;
  }

  /// @throws dev.faultline.graph.GraphException when the file cannot be read as a graph
  /// @throws java.io.UncheckedIOException when it cannot be read
  public static NodeSources of(Path file) {
    return new NodeSources(SourceNodes.of(NodeNames.complete(ZipMaps.unwrapped(GraphReader.read(file)))));
  }

  /// The node of the file; its index is -1 inside a body. Empty for a name that the engine made up from scratch.
  public Optional<NodeRef> find(String engineName) {
    return nodes.find(engineName).map(SourceNodes.Located::ref);
  }
}
