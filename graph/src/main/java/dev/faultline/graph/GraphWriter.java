package dev.faultline.graph;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes graphs as ONNX models, for ONNX Runtime to load.
public final class GraphWriter {

  private GraphWriter() {}

  public static byte[] bytes(Graph graph) {
    return graph.model().toByteArray();
  }

  /// Writes the model to a file, over an older one.
  public static void write(Graph graph, Path path) throws IOException {
    Files.write(path, bytes(graph));
  }
}
