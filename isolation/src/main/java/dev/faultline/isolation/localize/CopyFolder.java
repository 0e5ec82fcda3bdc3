package dev.faultline.isolation.localize;

import dev.faultline.graph.Graph;
import dev.faultline.graph.GraphWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder for one copy of a model and the weights beside it, gone when it is closed.
final class CopyFolder implements AutoCloseable {

  private final Path folder;

  private CopyFolder(Path folder) {
    this.folder = folder;
  }

  static CopyFolder of(Path scratch) throws IOException {
    Files.createDirectories(scratch);
    return new CopyFolder(Files.createTempDirectory(scratch, "copy-"));
  }

  /// Writes the copy of a graph whose weights may stand beside `origin`.
  Path write(Graph graph, Path origin) throws IOException {
    Path file = folder.resolve("copy.onnx");
    GraphWriter.write(graph, file);
    for (String location : graph.externalFiles()) {
      bring(folder.resolve(location).normalize(), origin.toAbsolutePath().resolveSibling(location));
    }
    return file;
  }

  private void bring(Path target, Path weights) throws IOException {
    if (!target.startsWith(folder) || !Files.isRegularFile(weights)) {
      return;
    }
    Path parent = target.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createLink(target, weights);
    } catch (IOException | UnsupportedOperationException e) {
      // another file system: copying is slower and does the same
      Files.copy(weights, target);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.toList().reversed();
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remove '" + folder + "'", e);
    }
  }
}
